import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bond-unmonitored",
  check: "bond-unmonitored",
  base: "bond",
  story: "miimon is set to 0: the bond no longer looks at its links",
  async inject(lab) {
    await lab.hv("ip link set dev bond0 type bond miimon 0");
  },
  shows: "grep -q 'MII Polling Interval (ms): 0' /proc/net/bonding/bond0",
  expect: {
    subjects: ["bond/bond0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("ip link set dev bond0 type bond miimon 100");
  },
});
