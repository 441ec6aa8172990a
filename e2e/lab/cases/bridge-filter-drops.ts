import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-filter-drops",
  check: "bridge-filter-drops",
  base: "bond",
  story: "a rule of nft's bridge family drops what web-01 sends",
  async inject(lab) {
    await lab.hv(
      "nft add table bridge guard; nft add chain bridge guard drops '{ type filter hook forward priority -200; }'; nft add rule bridge guard drops iifname vnet0 counter drop",
    );
  },
  shows: "nft list table bridge guard 2>/dev/null | grep -q drop",
  expect: {
    subjects: ["tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("nft delete table bridge guard");
  },
});
