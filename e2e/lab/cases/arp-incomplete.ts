import { defineCase } from "../cases";
import { physical } from "../config";

export const labCase = defineCase({
  id: "arp-incomplete",
  check: "arp-incomplete",
  base: "bond",
  story: "the gateway is on the wire and answers no ARP request",
  async inject(lab) {
    // arp_ignore 8: "do not reply for all local addresses" (kernel, Documentation/networking/ip-sysctl.rst).
    await lab.switchNs(["sysctl", "-qw", `net.ipv4.conf.${physical.bridge}.arp_ignore=8`]);
    await lab.hv("ip neigh flush dev br0; ping -q -c 1 -W 1 10.20.0.1 || true");
    await lab.waitHv(
      "the gateway's neighbour entry has failed",
      "ip neigh show 10.20.0.1 dev br0 | grep -qE 'FAILED|INCOMPLETE'",
    );
  },
  shows: "ping -q -c 1 -W 1 10.20.0.1 >/dev/null; ip neigh show 10.20.0.1 dev br0 | grep -qE 'FAILED|INCOMPLETE'",
  expect: {
    subjects: [/^(gateway\/.*10\.20\.0\.1|bridge\/br0|host\/.*)$/],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["gateway-unreachable"],
  },
  async heal(lab) {
    await lab.switchNs(["sysctl", "-qw", `net.ipv4.conf.${physical.bridge}.arp_ignore=0`]);
    await lab.waitHv("the gateway answers", "ping -q -c 1 -W 1 10.20.0.1");
  },
});
