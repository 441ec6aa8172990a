import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "mac-allowlist",
  check: "mac-allowlist",
  base: "bond",
  story: "only MACs on a list may send, and web-02's is not on it",
  async inject(lab) {
    await lab.hv(
      "nft add table bridge guard; nft add set bridge guard macs '{ type ether_addr; elements = { 52:54:00:5b:00:01 }; }'; nft add chain bridge guard pre '{ type filter hook prerouting priority -300; }'; nft add rule bridge guard pre 'iifname \"vnet*\" ether saddr != @macs counter drop'",
    );
  },
  shows: "nft list table bridge guard 2>/dev/null | grep -q @macs",
  expect: {
    subjects: ["tap/web-02/52:54:00:5b:00:02"],
    impacts: ["web-02"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("nft delete table bridge guard");
  },
});
