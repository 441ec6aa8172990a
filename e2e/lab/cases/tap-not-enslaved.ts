import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "tap-not-enslaved",
  check: "tap-not-enslaved",
  base: "bond",
  story: "web-01's TAP is on no bridge, as after an ifup script that failed",
  async inject(lab) {
    await lab.hv("ip link set vnet0 nomaster");
  },
  shows: '! ip -o link show vnet0 | grep -q "master br0"',
  expect: {
    subjects: ["tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("ip link set vnet0 master br0");
  },
});
