import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "nic-no-carrier",
  check: "nic-no-carrier",
  base: "bond",
  story: "the cable of nic1, the spare member of the bond, is pulled at both ends",
  async inject(lab) {
    await lab.setLink("nic1", false);
    await lab.waitHv("nic1 has no carrier", "grep -qx 0 /sys/class/net/nic1/carrier");
  },
  shows: "grep -qx 0 /sys/class/net/nic1/carrier && ip link show nic1 | grep -q NO-CARRIER",
  expect: {
    subjects: ["nic/nic1"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["bond-member-down"],
  },
  async heal(lab) {
    await lab.setLink("nic1", true);
    await lab.waitHv("nic1 has its carrier", "grep -qx 1 /sys/class/net/nic1/carrier");
  },
});
