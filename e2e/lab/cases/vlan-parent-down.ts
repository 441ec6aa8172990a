import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vlan-parent-down",
  check: "vlan-parent-down",
  base: "vlan",
  story: "the storage VLAN bond0.30 is set down; it still has the host's address",
  async inject(lab) {
    await lab.hv("ip link set bond0.30 down");
  },
  shows: "! ip -br link show bond0.30 | grep -q '[<,]UP[,>]'",
  expect: {
    subjects: ["vlan/bond0.30"],
    impacts: [],
    mayImpact: [],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("ip link set bond0.30 up");
  },
});
