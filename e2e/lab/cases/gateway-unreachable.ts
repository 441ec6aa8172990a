import { defineCase } from "../cases";
import { physical } from "../config";

export const labCase = defineCase({
  id: "gateway-unreachable",
  check: "gateway-unreachable",
  base: "bond",
  story: "the gateway was switched off: it answers neither ARP nor ping",
  async inject(lab) {
    await lab.switchNs(["sysctl", "-qw", `net.ipv4.conf.${physical.bridge}.arp_ignore=8`]);
    await lab.hv("ip neigh flush dev br0; ping -q -c 1 -W 1 10.20.0.1 || true");
  },
  shows: "! ping -q -c 1 -W 1 10.20.0.1",
  expect: {
    subjects: ["gateway/10.20.0.1"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.switchNs(["sysctl", "-qw", `net.ipv4.conf.${physical.bridge}.arp_ignore=0`]);
    await lab.waitHv("the gateway answers", "ping -q -c 1 -W 1 10.20.0.1");
  },
});
