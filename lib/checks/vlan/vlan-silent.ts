import type { GraphEdge, GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { isElsewhere, linkNamed } from "../layer2";

/**
 * A VLAN interface that has sent and never received a single frame, while its parent receives. Broadcasts of others make the counter move in any VLAN that is really there. One that has
 * hardly sent is new or idle: nothing is said of it.
 */
export const check = defineCheck({
  id: "vlan-silent",
  layer: "vlan",
  title: { en: "VLAN never received a frame", zh: "VLAN 从未收到任何帧" },
  message: {
    en: "{vlan} sent {sent} frames and never received one, {parent} received {received}: VLAN {id} is not tagged on the switch port",
    zh: "{vlan} 已发送 {sent} 帧但从未收到任何帧，而 {parent} 收到 {received} 帧：交换机端口未对 VLAN {id} 打标签",
  },
  expected: { en: "{vlan} receives frames of VLAN {id}", zh: "{vlan} 能收到 VLAN {id} 的帧" },
  repair: {
    en: "On the switch port behind {parent}: allow VLAN {id} tagged (switchport mode trunk; switchport trunk allowed vlan add {id}), on every member of a bond. See that VLAN {id} exists on the switch and that the number is the right one. Watch: tcpdump -eni {parent} vlan {id}.",
    zh: "在 {parent} 所接的交换机端口上：允许 VLAN {id} 带标签通过（switchport mode trunk；switchport trunk allowed vlan add {id}），绑定的每个成员端口都要配置。确认交换机上存在 VLAN {id} 且编号正确。观察：tcpdump -eni {parent} vlan {id}。",
  },
  explain: {
    en: "The host tags by itself and gets an answer only if the switch port carries that tag. Its link is up and its counters of errors stay 0: nothing looks broken on the host.",
    zh: "主机自行打标签，只有交换机端口承载该标签时才会有回应。链路正常、错误计数为 0，主机上看不出任何故障。",
  },
  needs: ["ip-link"],
  subjects: ["vlan"],
  settings: {
    sent: {
      title: { en: "Frames sent without an answer", zh: "无回应的已发送帧数" },
      default: 20,
      unit: "frames",
      min: 1,
      max: 1_000_000,
    },
    received: {
      title: { en: "Frames that the parent received meanwhile", zh: "父接口同期收到的帧数" },
      default: 100,
      unit: "frames",
      min: 1,
      max: 1_000_000,
    },
  },
  track: {
    // Only so that it is judged again with each reading: a counter alone is no change.
    received: { windowMs: 60_000, sample: (subject, view) => ownStats(subject, view)?.rx.packets },
  },
  sources: [
    "https://docs.kernel.org/networking/statistics.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/8021q/vlan_core.c",
  ],
  lab: { case: "vlan-silent" },
  evaluate(subject, view) {
    const links = view.fact("ip-link");
    if (isElsewhere(subject) || subject.attributes.up !== true || subject.attributes.carrier !== true) return null;
    const edge = view.graph.towardsWire(subject.id).find((one) => one.kind === "vlan-parent");
    const parent = edge && view.graph.node(edge.from);
    // Over a bridge the VLAN comes from the bridge's own ports, not from a switch alone.
    if (!parent || (parent.kind !== "nic" && parent.kind !== "bond" && parent.attributes.playsNic !== true))
      return null;
    const own = ownStats(subject, view);
    const below = linkNamed(links, parent.name)?.stats64;
    if (!own || !below) return null;
    if (own.rx.packets > 0) return pass;
    if (own.tx.packets < view.setting("sent") || below.rx.packets < view.setting("received")) return null;
    return {
      status: "fail",
      params: {
        vlan: subject.name,
        id: String(subject.attributes.vlan ?? "-"),
        parent: parent.name,
        sent: own.tx.packets,
        received: below.rx.packets,
      },
      evidence: [
        {
          command: commandLine(["ip", "-s", "link", "show", "dev", subject.name]),
          excerpt: `RX packets 0, TX packets ${own.tx.packets}`,
        },
        {
          command: commandLine(["ip", "-s", "link", "show", "dev", parent.name]),
          excerpt: `RX packets ${below.rx.packets}`,
        },
      ],
    };
  },
});

function ownStats(subject: GraphNode | GraphEdge, view: CheckView<"ip-link">) {
  return "from" in subject ? undefined : linkNamed(view.fact("ip-link"), subject.name)?.stats64;
}
