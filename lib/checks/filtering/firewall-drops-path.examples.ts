import type { CheckExamples } from "../define";
import { iptablesFilter, noRules, withRules } from "../firewall/examples";
import { healthySysctl } from "../host-examples";
import { bondHost, edit, factsOf, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a rule drops the whole network",
      expect: "fail",
      facts: withRules(natHost(), noRules, iptablesFilter({ forward: ["-A FORWARD -i virbr0 -j DROP"] })),
      subject: "bridge/virbr0",
    },
    {
      name: "only answers are dropped",
      expect: "fail",
      facts: withRules(natHost(), noRules, iptablesFilter({ forward: ["-A FORWARD -o virbr0 -j REJECT"] })),
      subject: "bridge/virbr0",
    },
    {
      name: "a policy without libvirt's rules",
      expect: "fail",
      facts: withRules(natHost(), noRules, bare("DROP")),
      subject: "bridge/virbr0",
    },
    {
      name: "one guest by its address",
      expect: "fail",
      facts: withLease(
        withRules(natHost(), noRules, iptablesFilter({ forward: ["-A FORWARD -s 192.168.122.11/32 -j DROP"] })),
      ),
      subject: "tap/nat-1/52:54:00:5b:00:01",
    },
  ],
  good: [
    { name: "libvirt's own rules", expect: "pass", facts: withRules(natHost()), subject: "bridge/virbr0" },
    {
      name: "libvirt's own rules, one guest",
      expect: "pass",
      facts: withLease(withRules(natHost())),
      subject: "tap/nat-1/52:54:00:5b:00:01",
    },
    {
      name: "policy DROP, libvirt's rules accept first",
      expect: "pass",
      facts: withRules(natHost(), noRules, iptablesFilter({ policy: "DROP" })),
      subject: "bridge/virbr0",
    },
    {
      name: "a port is closed by policy",
      expect: "pass",
      facts: withRules(
        natHost(),
        noRules,
        iptablesFilter({ forward: ["-A FORWARD -i virbr0 -p tcp -m tcp --dport 25 -j DROP"] }),
      ),
      subject: "bridge/virbr0",
    },
    {
      name: "another network is closed",
      expect: "pass",
      facts: withRules(natHost(), noRules, iptablesFilter({ forward: ["-A FORWARD -i docker0 -j DROP"] })),
      subject: "bridge/virbr0",
    },
    {
      name: "dropped only over a limit",
      expect: "pass",
      facts: withRules(
        natHost(),
        noRules,
        iptablesFilter({ forward: ["-A FORWARD -i virbr0 -m limit --limit 1000/sec -j DROP"] }),
      ),
      subject: "bridge/virbr0",
    },
    {
      name: "a bridge to the wire is not routed",
      expect: "not-applicable",
      facts: withRules(bondHost(), noRules, iptablesFilter({ policy: "DROP" })),
      subject: "bridge/br0",
    },
    {
      name: "a bridge by hand for guests and their host, which routes nothing",
      expect: "not-applicable",
      facts: {
        ...edit(withRules(natHost(), noRules, iptablesFilter({ policy: "DROP" })), "libvirt-networks", () => []),
        ...factsOf({ sysctl: { ...healthySysctl, values: { ...healthySysctl.values, "net.ipv4.ip_forward": 0 } } }),
      },
      subject: "bridge/virbr0",
    },
    {
      name: "an isolated network is closed by design",
      expect: "not-applicable",
      facts: edit(withRules(natHost(), noRules, iptablesFilter({ policy: "DROP" })), "libvirt-networks", (all) =>
        all.map((network) => ({ ...network, forward: undefined })),
      ),
      subject: "bridge/virbr0",
    },
    {
      name: "neither tool is on the host",
      expect: "pass",
      facts: unread(unread(withRules(natHost()), "nft", "absent", ""), "iptables", "absent", ""),
      subject: "bridge/virbr0",
    },
  ],
  unknown: [
    {
      name: "rules need root",
      expect: "unknown",
      facts: unread(withRules(natHost()), "nft", "refused", ""),
      subject: "bridge/virbr0",
    },
  ],
};

function bare(policy: string) {
  return iptablesFilter({ policy }).map((ruleset) => ({
    ...ruleset,
    tables: ruleset.tables.map((table) => ({ ...table, rules: [] })),
  }));
}

function withLease(facts: ReturnType<typeof natHost>) {
  return {
    ...facts,
    ...factsOf({
      "libvirt-ifaddr": {
        addresses: [
          {
            source: "lease" as const,
            ifname: "vnet0",
            mac: "52:54:00:5b:00:01",
            family: "ipv4" as const,
            address: "192.168.122.11",
            prefix: 24,
          },
        ],
        agents: [],
      },
    }),
  };
}
