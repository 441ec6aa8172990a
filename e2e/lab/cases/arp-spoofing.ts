import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "arp-spoofing",
  check: "arp-spoofing",
  base: "bond",
  story: "web-02 tells everybody that it is the gateway",
  async inject(lab) {
    await lab.hv("ping -q -c 1 -W 2 10.20.0.1");
    await lab.guest(
      "web-02",
      "ip addr add 10.20.0.1/32 dev eth0; arping -q -c 150 -A -I eth0 10.20.0.1 >/dev/null 2>&1 &",
    );
    await lab.waitHv("the host believes it", "ip neigh show 10.20.0.1 dev br0 | grep -q 52:54:00:5b:00:02");
  },
  shows: "ip neigh show 10.20.0.1 dev br0 | grep -q 52:54:00:5b:00:02",
  expect: {
    subjects: ["gateway/10.20.0.1"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["address-duplicate", "gateway-unreachable", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.guest("web-02", "killall arping; ip addr del 10.20.0.1/32 dev eth0");
    await lab.hv("ip neigh flush dev br0; ping -q -c 2 -W 2 10.20.0.1");
  },
});
