import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";

/** What a guest sends where nobody told it otherwise. */
const usual = 1500;

/**
 * The interface whose MTU is narrower than what has to pass it. Towards the wire that is the widest guest on the bridge (by its XML, else by its TAP) and the bridge itself where the
 * host has an address on it; at a TAP it is what the guest believes. A segment that is narrow all along (1450 over VXLAN) is no fault, nor is a wide uplink
 * (9000 for storage VLANs) over a bridge of 1500. VXLAN over its underlay has a check of its own.
 */
export const check = defineCheck({
  id: "mtu-mismatch",
  layer: "bridge",
  title: { en: "MTU narrows along the path", zh: "路径上 MTU 变窄" },
  message: {
    en: "{link} passes at most {mtu} bytes, {wide} sends up to {needed}: big packets vanish, small ones pass",
    zh: "{link} 最多通过 {mtu} 字节，而 {wide} 会发送最大 {needed} 字节：大包丢失，小包正常",
  },
  expected: { en: "{link} has an MTU of at least {needed}", zh: "{link} 的 MTU 至少为 {needed}" },
  repair: {
    en: "Align them: ip link set {link} mtu {needed} - after making sure that the switch port behind it takes frames of that size - or narrow {wide} to {mtu}.",
    zh: "使其一致：ip link set {link} mtu {needed}（先确认后面的交换机端口支持该帧长），或将 {wide} 降为 {mtu}。",
  },
  explain: {
    en: "A bridge does not fragment: a frame that is longer than the MTU of the port it has to leave by is dropped without a word. Ping works, file transfers stall.",
    zh: "网桥不做分片：超过出端口 MTU 的帧会被悄悄丢弃。ping 正常，但传输文件会卡住。",
  },
  needs: ["ip-link"],
  optional: ["libvirt-domains"],
  subjects: ["nic", "bond", "vlan", "veth", "tap"],
  sources: [
    "https://docs.kernel.org/networking/bridge.html",
    "https://libvirt.org/formatdomain.html#mtu-configuration",
  ],
  lab: { case: "mtu-mismatch" },
  evaluate(subject, view) {
    view.fact("ip-link");
    const mtu = mtuOf(subject);
    if (mtu === undefined) return null;
    const need = subject.kind === "tap" ? needOfGuest(subject, view.graph) : needAbove(subject, view.graph);
    if (!need) return null;
    if (mtu >= need.mtu) return pass;
    return {
      status: "fail",
      params: { link: subject.name, mtu, wide: need.by.name, needed: need.mtu },
      evidence: [linkEvidence(subject), ...(need.by.attributes.ifindex === undefined ? [] : [linkEvidence(need.by)])],
      // Small packets still pass: nobody is cut off.
      cuts: false,
      breaks: [],
    };
  },
});

interface Need {
  readonly mtu: number;
  readonly by: GraphNode;
}

const mtuOf = (node: GraphNode): number | undefined =>
  typeof node.attributes.mtu === "number" ? node.attributes.mtu : undefined;

const widest = (needs: readonly Need[]): Need | undefined =>
  needs.reduce<Need | undefined>((best, need) => (best === undefined || need.mtu > best.mtu ? need : best), undefined);

/** What an interface towards the wire has to let through: its bond, its bridge's guests and the bridge's own traffic, its VLANs. */
function needAbove(node: GraphNode, graph: GraphView): Need | undefined {
  const needs = graph.towardsGuest(node.id).flatMap((edge): Need[] => {
    const above = graph.node(edge.to);
    if (!above || !edge.present) return [];
    const own = mtuOf(above);
    if (edge.kind === "bond-member" || edge.kind === "vlan-parent")
      return own === undefined ? [] : [{ mtu: own, by: above }];
    return edge.kind === "uplink" ? needsOfBridge(above, graph) : [];
  });
  return widest(needs);
}

function needsOfBridge(bridge: GraphNode, graph: GraphView): Need[] {
  const own = mtuOf(bridge);
  const ports = graph.towardsGuest(bridge.id).flatMap((edge): Need[] => {
    const tap = edge.kind === "bridge-port" && edge.present ? graph.node(edge.to) : undefined;
    if (tap?.kind !== "tap") return [];
    const told = toldMtu(tap, graph);
    const mtu = told ?? mtuOf(tap);
    return mtu === undefined ? [] : [{ mtu, by: tap }];
  });
  return own !== undefined && Array.isArray(bridge.attributes.addresses) ? [...ports, { mtu: own, by: bridge }] : ports;
}

/** What the guest behind a TAP believes: told by its XML, else 1500 - or less where its whole segment is narrower. */
function needOfGuest(tap: GraphNode, graph: GraphView): Need | undefined {
  const vnic = graph.towardsGuest(tap.id).flatMap((edge) => graph.node(edge.to) ?? [])[0];
  const bridge = graph.towardsWire(tap.id).find((edge) => edge.kind === "bridge-port" && edge.present);
  if (!vnic || !bridge) return undefined;
  const told = toldMtu(tap, graph);
  if (told !== undefined) return { mtu: told, by: vnic };
  const uplinks = graph
    .towardsWire(bridge.from)
    .filter((edge) => edge.kind === "uplink")
    .flatMap((edge) => mtuOf(graph.node(edge.from) ?? tap) ?? []);
  const own = mtuOf(graph.node(bridge.from) ?? tap) ?? usual;
  return { mtu: Math.min(usual, ...(uplinks.length > 0 ? [Math.max(...uplinks)] : [own])), by: vnic };
}

function toldMtu(tap: GraphNode, graph: GraphView): number | undefined {
  const told = graph.towardsGuest(tap.id).map((edge) => graph.node(edge.to)?.attributes.mtu);
  return told.find((mtu) => typeof mtu === "number");
}
