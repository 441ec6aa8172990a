import type { CheckExamples } from "../define";
import { counter, drop, match, nftTable, noRules, payload, withRules } from "../firewall/examples";
import { bondHost, macOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "one guest by its TAP",
      expect: "fail",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [[match("iifname", "vnet0"), counter(12), drop]])),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "one guest by its MAC",
      expect: "fail",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [[payload("ether", "daddr", macOf(1)), drop]])),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "everything that comes off the wire",
      expect: "fail",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [[match("iifname", "bond0"), drop]])),
      subject: "bridge/br0",
    },
    {
      name: "ARP, and with it everybody",
      expect: "fail",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [[payload("ether", "type", "arp"), drop]])),
      subject: "bridge/br0",
    },
    {
      name: "a policy",
      expect: "fail",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [], { policy: "drop" })),
      subject: "bridge/br0",
    },
  ],
  good: [
    { name: "no rules", expect: "pass", facts: withRules(bondHost()), subject: "bridge/br0" },
    {
      name: "the other guest's rule",
      expect: "pass",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [[match("iifname", "vnet0"), drop]])),
      subject: "tap/web-02/52:54:00:5b:00:02",
    },
    {
      name: "one guest's rule is not the bridge's",
      expect: "pass",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [[match("iifname", "vnet0"), drop]])),
      subject: "bridge/br0",
    },
    {
      name: "whoever uses another MAC than its own is dropped",
      expect: "pass",
      facts: withRules(
        bondHost(),
        nftTable("bridge", "prerouting", [
          [match("iifname", "vnet0"), payload("ether", "saddr", macOf(1), "!="), drop],
        ]),
      ),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "DHCP servers among guests are dropped",
      expect: "pass",
      facts: withRules(
        bondHost(),
        nftTable("bridge", "forward", [[match("iifname", "vnet*"), payload("udp", "sport", 67), drop]]),
      ),
      subject: "bridge/br0",
    },
    {
      name: "a bridge without guests",
      expect: "not-applicable",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [], { policy: "drop" })),
      subject: "bridge/virbr0",
    },
  ],
  unknown: [
    {
      name: "rules need root",
      expect: "unknown",
      facts: unread(withRules(bondHost(), noRules), "nft", "refused", ""),
      subject: "bridge/br0",
    },
  ],
};
