import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "firewall-mutes-pings-out",
  check: "firewall-drops-icmp",
  base: "bond",
  story: "the host drops the pings that it sends itself: its gateway seems to be silent",
  async inject(lab) {
    await lab.hv("iptables -I OUTPUT 1 -p icmp --icmp-type echo-request -j DROP");
  },
  shows: "iptables -S OUTPUT | grep -q -- '--icmp-type 8 -j DROP'",
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: ["gateway-unreachable"] },
  async heal(lab) {
    await lab.hv("iptables -D OUTPUT -p icmp --icmp-type echo-request -j DROP");
  },
});
