import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "nic-admin-down",
  check: "nic-admin-down",
  base: "bond",
  story: "someone set nic1, the spare member of the bond, down",
  async inject(lab) {
    await lab.hv("ip link set nic1 down");
  },
  shows: '! ip -br link show nic1 | grep -q "[<,]UP[,>]"',
  expect: {
    subjects: ["nic/nic1"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["bond-member-down"],
  },
  async heal(lab) {
    await lab.hv("ip link set nic1 up");
    await lab.waitHv(
      "the bond has nic1 again",
      'grep -A1 "Slave Interface: nic1" /proc/net/bonding/bond0 | grep -q "MII Status: up"',
    );
  },
});
