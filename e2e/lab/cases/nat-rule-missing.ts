import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "nat-rule-missing",
  check: "nat-rule-missing",
  base: "nat",
  story: "somebody flushed libvirt's NAT rules",
  async inject(lab) {
    await lab.hv("iptables -t nat -F LIBVIRT_PRT");
  },
  shows: "! iptables -t nat -S | grep -q MASQUERADE",
  expect: {
    subjects: ["bridge/virbr0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("systemctl reload libvirtd");
    await lab.waitHv("the rules are back", "iptables -t nat -S | grep -q MASQUERADE", 30_000);
  },
});
