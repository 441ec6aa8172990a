import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bond-down-under-vlan",
  check: "bond-down",
  base: "vlan",
  story: "someone set the bond down: the guests' bridge and the host's own VLAN 30 have no way any more",
  async inject(lab) {
    await lab.hv("ip link set bond0 down");
  },
  shows: '! ip -br link show bond0 | grep -q "[<,]UP[,>]"',
  expect: {
    subjects: ["bond/bond0"],
    impacts: ["web-01", "web-02"],
    alsoAllowed: [
      "vlan-parent-down",
      "vlan-silent",
      "bond-member-down",
      "gateway-unreachable",
      "arp-incomplete",
      "bridge-port-blocked",
    ],
  },
  async heal(lab) {
    await lab.hv("ip link set bond0 up; ip link set bond0.30 up");
    await lab.waitHv("the bond carries again", "grep -qx 1 /sys/class/net/bond0/carrier");
  },
});
