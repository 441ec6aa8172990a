import type { GraphNode } from "../../graph/model";
import { routedEdges } from "../../graph/reach";
import type { GraphView } from "../../graph/view";
import type { GatewayPing } from "../../probes/gateway-ping";
import { type CheckView, defineCheck, pass, type Sample } from "../define";
import { commandLine } from "../evidence";

/**
 * The gateway was asked and did not answer: neither ARP nor ICMP - or it does not answer ICMP any more though it did within the last half hour, twice in a row. A gateway that answers
 * ARP and never answered a ping is alive and mute: that is its right.
 */
export const check = defineCheck({
  id: "gateway-unreachable",
  layer: "addressing",
  title: { en: "Gateway does not answer", zh: "网关没有应答" },
  message: {
    en: "Gateway {gateway} on {dev} answered {received} of {sent} pings; its neighbour entry is {neighbour}",
    zh: "{dev} 上的网关 {gateway} 应答了 {sent} 个 ping 中的 {received} 个；邻居表项为 {neighbour}",
  },
  expected: {
    en: "{gateway} answers ARP, and ping if it ever did",
    zh: "{gateway} 应答 ARP；若曾应答 ping，则继续应答",
  },
  repair: {
    en: "Follow the path from {dev} to {gateway}: does the request leave by the uplink (tcpdump -ni UPLINK arp), does the answer come back? Then look at the gateway itself and its switch port.",
    zh: "沿 {dev} 到 {gateway} 的路径排查：请求是否从上行接口发出（tcpdump -ni 上行接口 arp），应答是否返回？然后检查网关本身及其交换机端口。",
  },
  explain: {
    en: "Everything beyond the subnet goes by the gateway. ARP failing means nobody with that address is on the segment; ARP well and ICMP lost means that the gateway, or a filter, drops.",
    zh: "本网段以外的一切都经过网关。ARP 失败表示网段上没有该地址；ARP 正常而 ICMP 丢失表示网关或过滤规则丢弃。",
  },
  needs: ["gateway-ping"],
  optional: ["ip-neigh"],
  subjects: ["gateway"],
  settings: {
    silent: {
      title: { en: "Seconds for which pings have to stay unanswered", zh: "ping 无应答需持续的秒数" },
      default: 30,
      unit: "s",
      min: 5,
      max: 1_800,
    },
  },
  track: {
    answers: {
      windowMs: 1_800_000,
      sample(subject, view) {
        const asked = "from" in subject ? undefined : askedOf(subject, view);
        return asked && Number(asked.small.received > 0);
      },
    },
  },
  sources: ["https://man7.org/linux/man-pages/man8/ping.8.html", "https://man7.org/linux/man-pages/man7/arp.7.html"],
  lab: { case: "gateway-unreachable" },
  evaluate(gateway, view) {
    const asked = askedOf(gateway, view);
    if (!asked) return null;
    if (asked.small.received > 0) return pass;
    const deaf = asked.neighbour === "FAILED" || asked.neighbour === "INCOMPLETE";
    // Pings are sent every few minutes, the table of neighbours is read much more often: it answers again.
    if (deaf && hasAnsweredSince(gateway, view)) return pass;
    if (!deaf && !fellSilent(view.samples("answers"), view.setting("silent") * 1000))
      return asked.neighbour === undefined ? null : pass;
    return {
      status: deaf ? "fail" : "warn",
      cuts: false,
      // Guests behind NAT whose only next hop it is. Those on a bridge have gateways of their own.
      breaks: deaf ? waysOver(asked.address, gateway, view.graph) : [],
      params: {
        gateway: asked.address,
        dev: asked.dev,
        received: asked.small.received,
        sent: asked.small.sent,
        neighbour: asked.neighbour ?? "-",
      },
      evidence: [
        {
          command: commandLine(["ping", "-n", "-c", "2", asked.address]),
          excerpt: `${asked.small.sent} packets transmitted, ${asked.small.received} received`,
        },
        {
          command: commandLine(["ip", "neigh", "show", "to", asked.address, "dev", asked.dev]),
          excerpt: `${asked.address} ${asked.neighbour ?? "(no entry)"}`,
        },
      ],
    };
  },
});

function waysOver(address: string, gateway: GraphNode, graph: GraphView): string[] {
  const holder = graph.towardsGuest(gateway.id).find((edge) => edge.kind === "gateway")?.to;
  return routedEdges(graph).flatMap((edge) => {
    const hops = edge.attributes?.gateways;
    return edge.from === holder && Array.isArray(hops) && hops.length === 1 && hops[0] === address ? [edge.id] : [];
  });
}

const askedOf = (gateway: GraphNode, view: CheckView<"gateway-ping">): GatewayPing | undefined =>
  view
    .factOrAbsent("gateway-ping")
    ?.find((one) => one.address === gateway.attributes.address && one.dev === gateway.attributes.dev);

function hasAnsweredSince(gateway: GraphNode, view: CheckView<"gateway-ping">): boolean {
  const { address, dev } = gateway.attributes;
  const [asked, seen] = [view.readAt("gateway-ping")?.at ?? 0, view.readAt("ip-neigh")?.at ?? 0];
  const entry = view.factIfRead("ip-neigh")?.find((one) => one.dst === address && one.dev === dev);
  return seen > asked && entry?.state.includes("REACHABLE") === true;
}

/** Silent in the last samples for this long at least, after it had answered. */
function fellSilent(samples: readonly Sample[], ms: number): boolean {
  const last = samples.at(-1);
  const answered = samples.findLast((one) => one.value > 0);
  const firstSilent = samples.find((one) => answered !== undefined && one.at > answered.at);
  return last !== undefined && answered !== undefined && firstSilent !== undefined && last.at - firstSilent.at >= ms;
}
