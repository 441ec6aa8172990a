import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "firewall-drops-icmp",
  check: "firewall-drops-icmp",
  base: "bond",
  story: "the host drops pings, and only pings",
  async inject(lab) {
    await lab.hv("iptables -I INPUT 1 -p icmp --icmp-type echo-request -j DROP");
  },
  shows: "iptables -S INPUT | grep -q -- '--icmp-type 8 -j DROP'",
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("iptables -D INPUT -p icmp --icmp-type echo-request -j DROP");
  },
});
