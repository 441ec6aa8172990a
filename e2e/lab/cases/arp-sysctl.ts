import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "arp-sysctl",
  check: "arp-sysctl",
  base: "bond",
  story: "br0 was told to answer no ARP request",
  async inject(lab) {
    await lab.hv("sysctl -qw net.ipv4.conf.br0.arp_ignore=8");
  },
  shows: 'test "$(sysctl -n net.ipv4.conf.br0.arp_ignore)" = 8',
  expect: {
    subjects: ["bridge/br0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["arp-incomplete", "gateway-unreachable"],
  },
  async heal(lab) {
    await lab.hv("sysctl -qw net.ipv4.conf.br0.arp_ignore=0");
  },
});
