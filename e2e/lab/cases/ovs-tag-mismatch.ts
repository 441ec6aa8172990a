import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ovs-tag-mismatch",
  check: "ovs-tag-mismatch",
  base: "ovs",
  story: "somebody set another VLAN on web-01's port",
  async inject(lab) {
    await lab.hv("ovs-vsctl set port $(virsh -q domiflist web-01 | awk '$3 == \"ovsbr0\" { print $1 }') tag=99");
  },
  shows: 'test "$(ovs-vsctl get port $(virsh -q domiflist web-01 | awk \'$3 == "ovsbr0" { print $1 }\') tag)" = 99',
  expect: {
    subjects: [/^ovs-port\/ovsbr0\/vnet\d+$/],
    impacts: ["web-01"],
    alsoAllowed: ["vlan-segment-split"],
  },
  async heal(lab) {
    await lab.hv("ovs-vsctl set port $(virsh -q domiflist web-01 | awk '$3 == \"ovsbr0\" { print $1 }') tag=10");
  },
});
