import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "address-duplicate",
  check: "address-duplicate",
  base: "bond",
  story: "web-02 was given web-01's address as well",
  async inject(lab) {
    await lab.guest("web-02", "ip addr add 10.20.0.11/24 dev eth0");
    await lab.hv("ping -q -c 1 -W 2 10.20.0.11 || true");
  },
  shows:
    'arping -b -c 2 -w 2 -I br0 10.20.0.11 | grep -i "reply from" | grep -o "\\[.*\\]" | sort -u | wc -l | grep -qx 2',
  expect: {
    subjects: [/^vnic\/web-0[12]\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["arp-spoofing"],
  },
  async heal(lab) {
    await lab.guest("web-02", "ip addr del 10.20.0.11/24 dev eth0");
  },
});
