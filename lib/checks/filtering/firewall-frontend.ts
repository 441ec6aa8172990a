import { defineCheck } from "../define";
import { callingIptables, iptablesFilter, noRules, withRules } from "../firewall/examples";
import { trafficFacts } from "../firewall/traffic";
import { frontendEvidence, judgeDrops } from "../firewall/verdict";
import { bondHost, factsOf, natHost, unread } from "../testing";

const status = {
  ufw: { active: true, incoming: "deny", outgoing: "allow", routed: "reject", rules: [] },
};

/**
 * ufw or firewalld refuses what guests send: their policy for routed packets, or the zone that the bridge fell into. What counts is the rules that they wrote; their own status is
 * shown beside, for it is there that it has to be changed. Without a rule that drops for certain nothing is said: a front end that is merely active is none.
 */
export const check = defineCheck({
  id: "firewall-frontend",
  layer: "filtering",
  title: { en: "ufw or firewalld refuses the bridge", zh: "ufw 或 firewalld 拒绝网桥流量" },
  message: {
    en: "{name}: traffic is refused by the host's firewall front end ({culprit})",
    zh: "{name}：流量被主机防火墙前端拒绝（{culprit}）",
  },
  expected: {
    en: "Zone or policy of {bridge} lets guests' traffic pass",
    zh: "{bridge} 所在的区域或策略放行虚拟机流量",
  },
  repair: {
    en: "With ufw: ufw route allow in on {bridge}; ufw route allow out on {bridge}. With firewalld: firewall-cmd --zone=trusted --change-interface={bridge}, and once more with --permanent. Do not edit {culprit} by hand: the front end writes it anew.",
    zh: "使用 ufw：ufw route allow in on {bridge}; ufw route allow out on {bridge}。使用 firewalld：firewall-cmd --zone=trusted --change-interface={bridge}，并加 --permanent 再执行一次。不要手工修改 {culprit}：前端会重新写入。",
  },
  explain: {
    en: "A front end thinks of a server with services, not of a hypervisor: what is forwarded for guests is refused unless somebody says otherwise. It comes back with each reload.",
    zh: "防火墙前端面向提供服务的服务器，而不是虚拟化主机：除非明确允许，否则会拒绝为虚拟机转发的流量，且每次重新加载都会恢复。",
  },
  needs: ["nft", "iptables"],
  optional: [...trafficFacts],
  subjects: ["bridge", "tap"],
  reach: "host",
  sources: [
    "https://manpages.ubuntu.com/manpages/jammy/en/man8/ufw.8.html",
    "https://firewalld.org/documentation/zone/options.html",
    "https://libvirt.org/firewall.html",
  ],
  lab: { case: "firewall-frontend" },
  evaluate: (subject, view) =>
    judgeDrops(view, subject, ["routed", "bridged", "frames"], "frontend", () => true, frontendEvidence(view)),
  examples: {
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
  },
});

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
