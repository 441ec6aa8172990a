import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "tap-down",
  check: "tap-down",
  base: "bond",
  story: "web-01's TAP was set down",
  async inject(lab) {
    await lab.hv("ip link set vnet0 down");
  },
  shows: '! ip -br link show vnet0 | grep -q "[<,]UP[,>]"',
  expect: {
    subjects: ["tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["bridge-port-blocked", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("ip link set vnet0 up");
  },
});
