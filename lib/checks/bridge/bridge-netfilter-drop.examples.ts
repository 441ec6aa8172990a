import type { CheckExamples } from "../define";
import { callingIptables, iptablesFilter, noRules, withRules } from "../firewall/examples";
import { bondHost, natHost, unread } from "../testing";

/** As Docker 20 writes them. */
const docker = [
  "-A FORWARD -j DOCKER-USER",
  "-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
  "-A FORWARD -i docker0 ! -o docker0 -j ACCEPT",
  "-A DOCKER-USER -j RETURN",
];

export const examples: CheckExamples = {
  bad: [
    {
      name: "Docker's policy",
      expect: "fail",
      facts: callingIptables(withRules(bondHost(), noRules, iptablesFilter({ policy: "DROP", forward: docker }))),
      subject: "bridge/br0",
    },
    {
      name: "one guest by its port",
      expect: "fail",
      facts: callingIptables(
        withRules(
          bondHost(),
          noRules,
          iptablesFilter({ forward: ["-A FORWARD -m physdev --physdev-in vnet0 -j DROP"] }),
        ),
      ),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    {
      name: "Docker's policy, frames do not pass iptables",
      expect: "not-applicable",
      facts: withRules(bondHost(), noRules, iptablesFilter({ policy: "DROP", forward: docker })),
      subject: "bridge/br0",
    },
    {
      name: "handed over, nothing drops",
      expect: "pass",
      facts: callingIptables(withRules(bondHost())),
      subject: "bridge/br0",
    },
    {
      name: "Docker's policy and a rule for the bridge",
      expect: "pass",
      facts: callingIptables(
        withRules(
          bondHost(),
          noRules,
          iptablesFilter({ policy: "DROP", forward: ["-A FORWARD -i br0 -o br0 -j ACCEPT", ...docker] }),
        ),
      ),
      subject: "bridge/br0",
    },
    {
      name: "a rule for bridged frames in DOCKER-USER",
      expect: "pass",
      facts: callingIptables(
        withRules(
          bondHost(),
          noRules,
          iptablesFilter({
            policy: "DROP",
            forward: ["-A DOCKER-USER -m physdev --physdev-is-bridged -j ACCEPT", ...docker],
          }),
        ),
      ),
      subject: "bridge/br0",
    },
    {
      name: "a NAT network's own bridge",
      expect: "not-applicable",
      facts: callingIptables(withRules(natHost(), noRules, iptablesFilter({ policy: "DROP" }))),
      subject: "bridge/virbr0",
    },
  ],
  unknown: [
    {
      name: "rules need root",
      expect: "unknown",
      facts: unread(callingIptables(withRules(bondHost())), "iptables", "refused", ""),
      subject: "bridge/br0",
    },
  ],
};
