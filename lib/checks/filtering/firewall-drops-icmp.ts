import type { GraphNode } from "../../graph/model";
import { defineCheck, pass, type Verdict } from "../define";
import { countTracks, grown } from "../firewall/counted";
import { type Culprit, culpritEvidence, culpritName, ruled } from "../firewall/ruleset";
import {
  anyGuest,
  bridgeOf,
  droppedOn,
  type FirewallView,
  type Flow,
  flowOf,
  guestPorts,
  rulesOf,
  trafficFacts,
} from "../firewall/traffic";

/**
 * Pings are dropped for certain where other traffic is not: whoever tests by ping thinks the host or the guest dead while it is well. Judged by walking the rules twice, once for an
 * echo request and once for TCP, which may pass by some rule. Nothing is sent: a ping and a TCP connection of ours would tell of our own way only, not of the guests'. The culprit's counter
 * is shown, and what it grew by between two readings.
 */
export const check = defineCheck({
  id: "firewall-drops-icmp",
  layer: "filtering",
  title: { en: "Only ping is dropped", zh: "仅 ping 被丢弃" },
  message: {
    en: "{name}: {culprit} drops pings while other traffic passes: up, does not answer ping",
    zh: "{name}：ping 被 {culprit} 丢弃，而其他流量正常：存活但不应答",
  },
  expected: { en: "Echo requests pass {culprit}", zh: "{culprit} 放行 echo 请求" },
  repair: {
    en: "Nothing is broken. To be able to ping, let echo requests pass above {culprit}: iptables -I CHAIN -p icmp --icmp-type echo-request -j ACCEPT. Until then test with TCP (nc -zv ADDRESS 22) or arping.",
    zh: "并没有故障。若需要 ping，在 {culprit} 之前放行 echo 请求：iptables -I CHAIN -p icmp --icmp-type echo-request -j ACCEPT。在此之前请用 TCP（nc -zv 地址 22）或 arping 测试。",
  },
  explain: {
    en: "Ping is the first thing everybody tries and the first thing that hardening guides switch off. A rule against ICMP also takes away path MTU discovery, and then large packets vanish. The rules are read, not tried: no ping and no TCP is sent. The counter of the rule is shown, and by how much it grew between two readings.",
    zh: "ping 是大家首先尝试的工具，也是加固指南首先关闭的。禁止 ICMP 的规则还会破坏路径 MTU 发现，导致大包消失。这里只读取规则，不发送 ping 或 TCP；会显示该规则的计数器及两次读取之间的增量。",
  },
  needs: ["nft", "iptables"],
  optional: [...trafficFacts],
  subjects: ["host", "bridge", "tap"],
  sources: [
    "https://www.rfc-editor.org/rfc/rfc4890",
    "https://man7.org/linux/man-pages/man8/iptables-extensions.8.html",
    "https://wiki.nftables.org/wiki-nftables/index.php/Matching_packet_headers",
  ],
  lab: { case: "firewall-drops-icmp" },
  track: countTracks((subject, view) => {
    if (subject.kind === "host") return hostMute(view)?.culprit;
    if (typeof subject.attributes.netns === "string" || guestPorts(view, subject.id).length === 0) return undefined;
    return muteBy(view, anyGuest(subject));
  }),
  evaluate(subject, view) {
    if (subject.kind === "host") return judgeHost(subject, view);
    if (typeof subject.attributes.netns === "string") return null;
    if (subject.kind === "bridge")
      return guestPorts(view, subject.id).length === 0 ? null : judgeFlow(view, anyGuest(subject), subject.name);
    const on = bridgeOf(view, subject.id);
    const { vm } = subject.attributes;
    if (!on || typeof vm !== "string" || muteBy(view, anyGuest(on.bridge))) return null;
    return judgeFlow(view, flowOf(view, on.bridge, subject), `${subject.name} (${vm})`);
  },
});

/**
 * Pings to the host and from it by the interface of its default route; every hardened host accepts all that comes by lo, so that without an interface nothing would be certain.
 */
function judgeHost(subject: GraphNode, view: FirewallView): Verdict {
  const found = hostMute(view);
  return found ? mute(view, subject.name, found.culprit, found.hook) : pass;
}

function hostMute(view: FirewallView): { readonly culprit: Culprit; readonly hook: "INPUT" | "OUTPUT" } | undefined {
  const ruleset = rulesOf(view);
  const dev = view.factIfRead("ip-route")?.find((route) => route.dst === "default" && route.family === "inet")?.dev;
  for (const hook of ["input", "output"] as const) {
    const by = dev === undefined ? {} : hook === "input" ? { iif: dev } : { oif: dev };
    const asked = { family: "ip", bridged: false, state: "new", ...by } as const;
    const ping = ruled(ruleset, "ip", hook, { ...asked, proto: "icmp" });
    const tcp = ruled(ruleset, "ip", hook, { ...asked, proto: "tcp" });
    if (typeof ping === "object" && typeof tcp !== "object")
      return { culprit: ping.dropped, hook: hook === "input" ? "INPUT" : "OUTPUT" };
  }
  return undefined;
}

function judgeFlow(view: FirewallView, flow: Flow, name: string): Verdict {
  const culprit = muteBy(view, flow);
  return culprit ? mute(view, name, culprit, "FORWARD") : pass;
}

function muteBy(view: FirewallView, flow: Flow): Culprit | undefined {
  for (const road of ["frames", "bridged", "routed"] as const) {
    const culprit = droppedOn(view, flow, road, "icmp");
    if (culprit && !droppedOn(view, flow, road, "tcp")) return culprit;
  }
  return undefined;
}

/** `hook`: the built-in chain of iptables that such packets pass. */
const mute = (view: FirewallView, name: string, culprit: Culprit, hook: string): Verdict => ({
  status: "warn",
  params: {
    name,
    culprit: culpritName(culprit),
    tool: culprit.chain.tool,
    family: culprit.chain.family,
    table: culprit.chain.table,
    chain: culprit.chain.name,
    line: culprit.line,
    hook,
  },
  evidence: [culpritEvidence(culprit, grown(view, culprit))],
});
