import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "mtu-mismatch",
  check: "mtu-mismatch",
  base: "bond",
  story: "the bond was set to MTU 1400 and took its members and the bridge along; the guests still send 1500",
  async inject(lab) {
    await lab.hv("ip link set bond0 mtu 1400");
  },
  shows: 'test "$(cat /sys/class/net/bond0/mtu)" -lt "$(cat /sys/class/net/vnet0/mtu)"',
  expect: {
    subjects: [/^(nic\/nic[01]|bond\/bond0|bridge\/br0|(tap|vnic)\/web-0[12].*)$/],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["path-mtu-blackhole"],
  },
  async heal(lab) {
    await lab.hv("ip link set bond0 mtu 1500 && ip link set br0 mtu 1500");
  },
});
