import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "firewall-drops-path",
  check: "firewall-drops-path",
  base: "nat",
  story: "a rule drops everything that the NAT network sends through the host",
  async inject(lab) {
    await lab.hv("iptables -I FORWARD 1 -i virbr0 -j DROP");
  },
  shows: "iptables -S FORWARD | grep -q -- '-A FORWARD -i virbr0 -j DROP'",
  // The host itself still reaches them: they are pinged from there.
  expect: { subjects: ["bridge/virbr0"], impacts: [], mayImpact: ["web-01", "web-02"], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("iptables -D FORWARD -i virbr0 -j DROP");
  },
});
