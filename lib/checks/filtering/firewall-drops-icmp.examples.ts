import type { CheckExamples } from "../define";
import { counter, drop, iptablesFilter, match, nftTable, noRules, payload, withRules } from "../firewall/examples";
import { bondHost, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the host drops echo requests",
      expect: "warn",
      facts: withRules(
        bondHost(),
        noRules,
        iptablesFilter({ input: ["-A INPUT -p icmp -m icmp --icmp-type 8 -j DROP"] }),
      ),
      subject: "host/self",
    },
    {
      name: "a closed host that lets in SSH only",
      expect: "warn",
      facts: withRules(
        bondHost(),
        noRules,
        closed([
          "-A INPUT -i lo -j ACCEPT",
          "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
          "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
        ]),
      ),
      subject: "host/self",
    },
    {
      name: "the host by nftables",
      expect: "warn",
      facts: withRules(
        bondHost(),
        nftTable("inet", "input", [[payload("icmp", "type", "echo-request"), counter(3), drop]]),
      ),
      subject: "host/self",
    },
    {
      name: "a bridge's guests",
      expect: "warn",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [[payload("icmp", "type", "echo-request"), drop]])),
      subject: "bridge/br0",
    },
    {
      name: "one guest of a NAT network",
      expect: "warn",
      facts: withRules(
        natHost(),
        nftTable("bridge", "forward", [[match("iifname", "vnet0"), payload("ip", "protocol", "icmp"), drop]]),
      ),
      subject: "tap/nat-1/52:54:00:5b:00:01",
    },
  ],
  good: [
    { name: "pings pass", expect: "pass", facts: withRules(bondHost()), subject: "host/self" },
    { name: "guests' pings pass", expect: "pass", facts: withRules(natHost()), subject: "bridge/virbr0" },
    {
      name: "over a limit only",
      expect: "pass",
      facts: withRules(
        bondHost(),
        noRules,
        iptablesFilter({
          input: [
            "-A INPUT -p icmp -m icmp --icmp-type 8 -m limit --limit 10/sec -j ACCEPT",
            "-A INPUT -p icmp -m icmp --icmp-type 8 -j DROP",
          ],
        }),
      ),
      subject: "host/self",
    },
    {
      name: "dropped on one interface only",
      expect: "pass",
      facts: withRules(bondHost(), noRules, iptablesFilter({ input: ["-A INPUT -i eth9 -p icmp -j DROP"] })),
      subject: "host/self",
    },
    {
      name: "everything is dropped: another check tells",
      expect: "pass",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [], { policy: "drop" })),
      subject: "bridge/br0",
    },
    { name: "no guests on it", expect: "not-applicable", facts: withRules(bondHost()), subject: "bridge/virbr0" },
  ],
  unknown: [
    {
      name: "rules need root",
      expect: "unknown",
      facts: unread(withRules(bondHost()), "nft", "refused", ""),
      subject: "host/self",
    },
  ],
};

function closed(input: readonly string[]) {
  return iptablesFilter({ input }).map((ruleset) => ({
    ...ruleset,
    tables: ruleset.tables.map((table) => ({
      ...table,
      chains: table.chains.map((chain) => (chain.name === "INPUT" ? { ...chain, policy: "DROP" } : chain)),
    })),
  }));
}
