import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-filter-drops-lease",
  check: "bridge-filter-drops",
  base: "nat",
  story:
    "a rule of nft's bridge family drops all that web-01 sends, and the host asks for the address that it leased to it",
  async inject(lab) {
    await lab.hv(
      "nft add table bridge guard; nft add chain bridge guard pre '{ type filter hook prerouting priority -300; }'; nft add rule bridge guard pre iifname $(virsh domiflist web-01 | awk '/52:54:/ { print $1 }') counter drop",
    );
    await lab.hv(
      `ip neigh flush to ${lab.addressOf("web-01")}; systemd-run -q --unit=asks timeout 120 ping -q -i 1 ${lab.addressOf("web-01")}`,
    );
  },
  shows: "nft list table bridge guard 2>/dev/null | grep -q drop",
  expect: {
    subjects: ["tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("systemctl stop asks || true; nft delete table bridge guard");
  },
});
