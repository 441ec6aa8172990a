import { graphMemo } from "../../graph/memo";
import type { GraphEdge, GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import { type CheckView, defineCheck, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";
import { isElsewhere, linkNamed, numberOf, portsOfBridge } from "../layer2";

/** Receivers that are compared: the host itself, one uplink, the first three guests. */
const places = ["own", "uplink", "first", "second", "third"] as const;
type Place = (typeof places)[number];

/**
 * A flooded frame goes to every port but the one that it came in by, and to the host. So a storm is seen where almost all receivers get packets at one and the same high rate.
 * Kernel counters do not tell broadcast from unicast on TAPs and bridges; equal rates do: traffic of guests that are merely busy differs from port to port.
 * Multicast is counted by itself, at the bridge: where it comes at that rate and everybody but its source gets as many packets, it is flooded, with three receivers as well.
 * Of broadcasts three receivers prove nothing (a guest that is busy with its host looks the same): unknown while they are busy alike, and not judged with two. No storm is certain wherever
 * two receivers stay below the limit. The limit is a setting and no baseline of this bridge's own past: what was always too much would become normal.
 */
export const check = defineCheck({
  id: "broadcast-storm",
  layer: "bridge",
  title: { en: "Broadcast storm", zh: "广播风暴" },
  message: {
    en: "{bridge} floods {rate} packets a second to all its ports (limit {limit}): a broadcast or multicast storm, coming in by {source}",
    zh: "{bridge} 每秒向所有端口泛洪 {rate} 个包（阈值 {limit}）：广播或组播风暴，来源端口 {source}",
  },
  expected: {
    en: "{bridge} floods fewer than {limit} packets a second",
    zh: "{bridge} 每秒泛洪少于 {limit} 个包",
  },
  repair: {
    en: "Find the sender: tcpdump -eni {source} broadcast or multicast. A guest: rate-limit its port (tc qdisc ... or virsh domiftune) or pull its link. From the wire: look for a loop behind the switch port of {source}, and let the switch limit broadcasts (storm control).",
    zh: "找出发送者：tcpdump -eni {source} broadcast or multicast。若为虚拟机：限制其端口速率（tc qdisc 或 virsh domiftune）或断开其链路。若来自外部：检查 {source} 所接交换机端口后是否有环路，并在交换机上启用风暴抑制（storm control）。",
  },
  explain: {
    en: "A broadcast costs every machine of the segment. Some thousand a second keep all guests busy throwing them away, far above what ARP, DHCP and neighbour discovery need. Flooding is seen by equal rates at all receivers (host, uplink, guests): with three of them only multicast can be distinguished from other traffic, with two nothing.",
    zh: "每个广播都会消耗网段内所有机器的资源。每秒数千个广播会让所有虚拟机忙于丢弃它们，远超 ARP、DHCP 和邻居发现所需。泛洪通过所有接收者（主机、上行端口、虚拟机）速率相同来判断：只有三个接收者时只能识别组播，两个时无法判断。",
  },
  needs: ["ip-link"],
  subjects: ["bridge"],
  settings: {
    rate: {
      title: { en: "Flooded packets a second", zh: "每秒泛洪包数" },
      default: 1000,
      unit: "1/s",
      min: 1,
      max: 10_000_000,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 30,
      unit: "s",
      min: 5,
      max: 120,
    },
  },
  track: {
    own: track("own"),
    uplink: track("uplink"),
    first: track("first"),
    second: track("second"),
    third: track("third"),
    sent: {
      windowMs: 120_000,
      sample: (subject, view) =>
        "from" in subject ? undefined : linkNamed(view.fact("ip-link"), subject.name)?.stats64?.tx.packets,
    },
    multicast: {
      windowMs: 120_000,
      sample: (subject, view) =>
        "from" in subject ? undefined : numberOf(linkNamed(view.fact("ip-link"), subject.name)?.stats64?.rx.multicast),
    },
  },
  sources: [
    "https://docs.kernel.org/networking/bridge.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_forward.c",
    "https://docs.kernel.org/networking/statistics.html",
  ],
  lab: { case: "broadcast-storm" },
  evaluate(subject, view) {
    view.fact("ip-link");
    if (isElsewhere(subject) || subject.attributes.up !== true) return null;
    const windowMs = view.setting("window") * 1000;
    const limit = view.setting("rate");
    const receivers = receiversOf(view.graph, subject.id);
    const rates = places.flatMap((place) => {
      const name = receivers.get(place);
      const grown = name === undefined ? undefined : growth(view.samples(place), view.now, windowMs);
      return name === undefined || !grown || grown.ms < 3_000 ? [] : [{ name, rate: (grown.delta * 1000) / grown.ms }];
    });
    const [source, ...others] = rates.sort((a, b) => a.rate - b.rate);
    const floor = others[0]?.rate;
    if (!source || floor === undefined) return null;
    // Two who get little: one of them may be the source, the other would get what is flooded.
    if (floor < limit) return pass;
    const alike = others.filter((one) => one.rate <= floor * 1.25).length;
    const grown = growth(view.samples("multicast"), view.now, windowMs);
    const multicast = grown && grown.ms >= 3_000 ? (grown.delta * 1000) / grown.ms : 0;
    const flooded = others.length > 1 && multicast >= limit && floor >= multicast * 0.8;
    if (!flooded && others.length < 3)
      return others.length < 2
        ? null
        : alike < 2
          ? pass
          : unknown(
              {
                en: "{bridge}: {receivers} receivers at {rate} packets/s, too few to tell a broadcast storm from busy ones",
                zh: "{bridge}：{receivers} 个接收端，每秒 {rate} 个包，数量太少，无法区分广播风暴与正常繁忙",
              },
              { bridge: subject.name, receivers: rates.length, rate: Math.round(floor) },
            );
    if (!flooded && alike < 3) return pass;
    // The host gets each broadcast as well, but for its own: where it gets little and sends little, these are guests that have the same to do, as behind a load balancer.
    const sent = growth(view.samples("sent"), view.now, windowMs);
    if (!flooded && source.name === subject.name && sent && (sent.delta * 1000) / sent.ms < floor * 0.8) return pass;
    return {
      status: "fail",
      params: { bridge: subject.name, rate: Math.round(flooded ? multicast : floor), limit, source: source.name },
      evidence: [
        {
          command: commandLine(["ip", "-s", "-br", "link", "show", "master", subject.name]),
          excerpt: rates.map((one) => `${one.name}: ${Math.round(one.rate)} packets/s`).join("\n"),
        },
        ...(flooded
          ? [
              {
                command: commandLine(["ip", "-s", "-s", "link", "show", "dev", subject.name]),
                excerpt: `RX mcast: ${Math.round(multicast)} packets/s`,
              },
            ]
          : []),
      ],
      cuts: false,
    };
  },
});

function track(place: Place) {
  return {
    windowMs: 120_000,
    sample: (subject: GraphNode | GraphEdge, view: CheckView<"ip-link">): number | undefined => {
      if ("from" in subject) return undefined;
      const name = receiversOf(view.graph, subject.id).get(place);
      const stats = name === undefined ? undefined : linkNamed(view.fact("ip-link"), name)?.stats64;
      if (!stats) return undefined;
      // A guest that cannot keep up drops what was flooded to it: that is what storms do.
      return place === "own" ? stats.rx.packets : stats.tx.packets + stats.tx.dropped;
    },
  };
}

/** Who is counted: by ifindex, so that it is the same ones each time as long as no port goes. Each track asks, and a bridge has many ports. */
const receiversOf = graphMemo(
  (graph, bridge): ReadonlyMap<Place, string> => named(graph, bridge),
  (a, b) => places.every((place) => a.get(place) === b.get(place)),
);

function named(graph: GraphView, bridge: string): ReadonlyMap<Place, string> {
  const { uplinks, others } = portsOfBridge(graph, bridge);
  const inOrder = (nodes: readonly GraphNode[]) =>
    nodes
      .filter((node) => node.attributes.up === true && node.attributes.carrier !== false)
      .sort((a, b) => Number(a.attributes.ifindex) - Number(b.attributes.ifindex))
      .map((node) => node.name);
  const [uplink] = inOrder(uplinks);
  const [first, second, third] = inOrder(others);
  const all: readonly (readonly [Place, string | undefined])[] = [
    ["own", graph.node(bridge)?.name],
    ["uplink", uplink],
    ["first", first],
    ["second", second],
    ["third", third],
  ];
  return new Map(all.flatMap(([place, name]) => (name === undefined ? [] : [[place, name] as const])));
}
