import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ovs-flow-drops",
  check: "ovs-flow-drops",
  base: "ovs",
  story: "a flow that isolates web-01 was forgotten",
  async inject(lab) {
    await lab.hv(
      'ovs-ofctl add-flow ovsbr0 "priority=100,in_port=$(ovs-vsctl get Interface $(virsh -q domiflist web-01 | awk \'$3 == "ovsbr0" { print $1 }\') ofport),actions=drop"',
    );
    await lab.guest("web-01", "ping -q -c 3 -W 1 10.20.110.1 >/dev/null; true");
  },
  shows: "ovs-ofctl dump-flows ovsbr0 | grep -q 'priority=100,in_port=.*actions=drop'",
  expect: {
    subjects: [/^ovs-port\/ovsbr0\/vnet\d+$/],
    impacts: ["web-01"],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("ovs-ofctl del-flows ovsbr0; ovs-ofctl add-flow ovsbr0 priority=0,actions=NORMAL");
  },
});
