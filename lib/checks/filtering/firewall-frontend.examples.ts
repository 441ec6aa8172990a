import type { CheckExamples } from "../define";
import { callingIptables, iptablesFilter, noRules, withRules } from "../firewall/examples";
import { bondHost, factsOf, natHost, unread } from "../testing";

const status = {
  ufw: { active: true, incoming: "deny", outgoing: "allow", routed: "reject", rules: [] },
};

export const examples: CheckExamples = {
  bad: [
    {
      name: "ufw refuses what is routed",
      expect: "fail",
      facts: { ...withRules(natHost(), noRules, ufw()), ...factsOf({ "firewall-frontend": status }) },
      subject: "bridge/virbr0",
    },
    {
      name: "ufw refuses bridged frames that pass iptables",
      expect: "fail",
      facts: {
        ...callingIptables(withRules(bondHost(), noRules, ufw())),
        ...factsOf({ "firewall-frontend": status }),
      },
      subject: "bridge/br0",
    },
    {
      name: "ufw lets pings through and drops the rest by its policy",
      expect: "fail",
      facts: {
        ...callingIptables(withRules(bondHost(), noRules, ufwOfDebian())),
        ...factsOf({ "firewall-frontend": status }),
      },
      subject: "bridge/br0",
    },
  ],
  good: [
    {
      name: "ufw was told to let the bridge pass",
      expect: "pass",
      facts: {
        ...callingIptables(
          withRules(
            bondHost(),
            noRules,
            ufwOfDebian(["-A ufw-user-forward -i br0 -j ACCEPT", "-A ufw-user-forward -o br0 -j ACCEPT"]),
          ),
        ),
        ...factsOf({ "firewall-frontend": status }),
      },
      subject: "bridge/br0",
    },
    { name: "none on the host", expect: "pass", facts: withRules(natHost()), subject: "bridge/virbr0" },
    {
      name: "ufw is active, frames do not pass it",
      expect: "pass",
      facts: { ...withRules(bondHost(), noRules, ufw()), ...factsOf({ "firewall-frontend": status }) },
      subject: "bridge/br0",
    },
    {
      name: "ufw is active, libvirt's rules accept first",
      expect: "pass",
      facts: {
        ...withRules(natHost(), noRules, iptablesFilter({ policy: "DROP" })),
        ...factsOf({ "firewall-frontend": status }),
      },
      subject: "bridge/virbr0",
    },
    {
      name: "somebody else's rule: another check tells",
      expect: "not-applicable",
      facts: withRules(natHost(), noRules, iptablesFilter({ forward: ["-A FORWARD -i virbr0 -j DROP"] })),
      subject: "bridge/virbr0",
    },
  ],
  unknown: [
    {
      name: "rules need root",
      expect: "unknown",
      facts: unread(withRules(natHost()), "iptables", "refused", ""),
      subject: "bridge/virbr0",
    },
  ],
};

function ufw() {
  return iptablesFilter({
    policy: "DROP",
    forward: [
      "-A FORWARD -j ufw-reject-forward",
      "-A ufw-reject-forward -j REJECT --reject-with icmp-port-unreachable",
    ],
  });
}

/** After ufw's default before.rules, shortened by hand: not a recording. `user` are its administrator's. */
function ufwOfDebian(user: readonly string[] = []) {
  return iptablesFilter({
    policy: "DROP",
    forward: [
      "-A FORWARD -j ufw-before-forward",
      "-A FORWARD -j ufw-reject-forward",
      "-A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "-A ufw-before-forward -p icmp -m icmp --icmp-type 8 -j ACCEPT",
      "-A ufw-before-forward -j ufw-user-forward",
      ...user,
    ],
  });
}
