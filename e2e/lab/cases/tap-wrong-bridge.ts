import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "tap-wrong-bridge",
  check: "tap-wrong-bridge",
  base: "bond",
  story: "web-01's TAP was put on virbr0, its definition says br0",
  async inject(lab) {
    await lab.hv("ip link set vnet0 master virbr0");
  },
  shows: 'ip -o link show vnet0 | grep -q "master virbr0"',
  expect: {
    subjects: ["tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["arp-incomplete", "vlan-segment-split", "guest-off-subnet"],
  },
  async heal(lab) {
    await lab.hv("ip link set vnet0 master br0");
  },
});
