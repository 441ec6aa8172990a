import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import type { FactOf } from "../../probes/registry";
import { listed } from "../../wording";
import { type CheckView, defineCheck, pass, unknown, type Verdict } from "../define";
import { commandLine } from "../evidence";
import { carriesVlan, dataOf, linkNamed, numberOf, portsOfBridge, pvidOf } from "../layer2";

type PortVlans = FactOf<"bridge-vlan">;
export type Neighbour = FactOf<"lldp">[number];

/** As in vlan-silent: so many frames sent by the VLAN and taken in by its parent, and the VLAN got none of them. */
const silence = { sent: 20, received: 100 } as const;

/**
 * The switch port says which VLANs it carries, and this host uses another over it. What is certain:
 * - the port names tagged VLANs, and one in use is not among them;
 * - its untagged VLAN (PVID) is one that the host sends tagged;
 * - the host was given a number for what it sends untagged (a PVID that is not the bridge's default, the tag of an Open vSwitch uplink), and the port's is another;
 * - it tells its untagged VLAN and no other, as an access port does, and a VLAN interface over this NIC has never received a frame though its parent has.
 * Many switches tell only their PVID though they carry more: without that last proof a VLAN in use is unknown there. A bridge's default PVID (1) says "untagged" and nothing more: it is not
 * held against the switch's number. A port that tells nothing of VLANs is not judged.
 */
export const check = defineCheck({
  id: "lldp-vlan-mismatch",
  layer: "physical",
  title: { en: "Switch port does not carry a VLAN in use", zh: "交换机端口未承载正在使用的 VLAN" },
  message: {
    en: "VLAN {missing} is used over {nic}, but the switch port {peer} carries {carried}",
    zh: "{nic} 上使用 VLAN {missing}，但交换机端口 {peer} 只承载 {carried}",
  },
  expected: {
    en: "{peer} carries every VLAN that is used over {nic}, tagged",
    zh: "{peer} 以 tagged 方式承载 {nic} 上使用的所有 VLAN",
  },
  repair: {
    en: "On the switch, at {peer}: make the port a trunk and allow VLAN {missing} tagged (Cisco: switchport mode trunk; switchport trunk allowed vlan add {missing}. Linux or Cumulus: bridge vlan add vid {missing} dev PORT). What is marked untagged has to be the port's native VLAN (switchport trunk native vlan N; bridge vlan add vid N dev PORT pvid untagged), or the PVID of this host's own port has to follow the switch. Or take the guests of VLAN {missing} elsewhere.",
    zh: "在交换机 {peer} 上：将端口设为 trunk 并以 tagged 方式允许 VLAN {missing}（Cisco：switchport mode trunk；switchport trunk allowed vlan add {missing}。Linux 或 Cumulus：bridge vlan add vid {missing} dev 端口）。标有 untagged 的 VLAN 必须是该端口的 native VLAN（switchport trunk native vlan N；bridge vlan add vid N dev 端口 pvid untagged），或让本机端口的 PVID 与交换机一致。或将 VLAN {missing} 的虚拟机移到别处。",
  },
  explain: {
    en: "Frames of a VLAN that the switch port does not carry are dropped there, and the host sees nothing of it: the VLAN is simply silent. By LLDP (802.1 TLVs) the port itself tells what it carries. A switch that tells only its untagged VLAN (PVID) may carry more: a VLAN in use is then unknown, unless its interface has never received a frame. A number for untagged frames is compared only where somebody set it: the default PVID 1 of a bridge means no more than untagged.",
    zh: "交换机端口不承载的 VLAN 的帧会在那里被丢弃，主机毫无察觉：该 VLAN 只是没有声音。端口通过 LLDP（802.1 TLV）告知它承载哪些 VLAN。只通告未标记 VLAN（PVID）的交换机可能还承载其他 VLAN：此时使用中的 VLAN 为未知，除非其接口从未收到任何帧。仅在有人明确设置时才比较未标记帧的编号：网桥默认的 PVID 1 只表示“未标记”。",
  },
  needs: ["ip-link", "lldp"],
  optional: ["bridge-vlan", "ovs", "bond"],
  subjects: ["nic", "veth"],
  sources: [
    "https://lldpd.github.io/usage.html",
    "https://man7.org/linux/man-pages/man8/bridge.8.html",
    "https://standards.ieee.org/ieee/802.1Q/10323/",
  ],
  lab: { case: "lldp-vlan-mismatch" },
  evaluate(nic, view) {
    if (nic.attributes.netns !== undefined || (nic.kind === "veth" && nic.attributes.playsNic !== true)) return null;
    const heard = (view.factOrAbsent("lldp") ?? []).filter((one) => one.ifname === nic.name);
    const [neighbour] = heard;
    if (!neighbour || heard.length !== 1) return null;
    const found = clashes(nic, neighbour, view);
    if (found === null || "status" in found) return found;
    const { missing, first } = found;
    const peer = `${neighbour.chassis.name ?? neighbour.chassis.id ?? "?"} ${neighbour.port.id ?? neighbour.port.descr ?? "?"}`;
    const carried = neighbour.vlans.map((one) => `${one.id}${one.pvid ? " (untagged)" : ""}`).join(", ");
    return {
      status: "warn",
      params: { nic: nic.name, peer, missing: missing.map(({ what }) => what).join(", "), carried },
      evidence: [
        {
          command: commandLine(["lldpcli", "show", "neighbors", "ports", nic.name, "details"]),
          excerpt: `PortID: ${neighbour.port.id ?? "-"}  VLAN: ${carried}`,
        },
        {
          command:
            first.by.kind === "vlan"
              ? commandLine(["ip", "-d", "-s", "link", "show", "dev", first.by.name])
              : first.by.kind === "ovs-port"
                ? commandLine(["ovs-vsctl", "list", "port", first.by.name])
                : "bridge vlan show",
          excerpt: missing.map(({ what, by, proof }) => `${by.name}: VLAN ${what}${proof ?? ""}`).join("\n"),
        },
      ],
      alsoOn: view.graph
        .towardsWire(nic.id)
        .filter((edge) => edge.kind === "lldp")
        .map((edge) => edge.from),
    };
  },
});

type View = CheckView<"lldp">;

interface Clash {
  /** "30", or "10 (untagged)". */
  readonly what: string;
  readonly by: GraphNode;
  readonly proof?: string;
}

/** What the host uses over this NIC and the port does not give it; or the verdict where there is no such thing. */
function clashes(nic: GraphNode, { vlans }: Neighbour, view: View): Verdict | { missing: Clash[]; first: Clash } {
  if (vlans.length === 0) return null;
  const memberships = view.factIfRead("bridge-vlan") ?? [];
  const native = vlans.find((one) => one.pvid)?.id;
  // A switch that lists the untagged VLAN among the named ones too says nothing more by that.
  const tagged = new Set(vlans.filter((one) => !one.pvid && one.id !== native).map((one) => one.id));
  const used = [...usedOver(nic, view.graph, memberships)].sort(([a], [b]) => a - b);
  const own = untaggedOver(nic, view, memberships);
  if (used.length === 0 && !own) return null;
  const isWhole = tagged.size > 0 && tagged.size !== most && vlans.length !== most;
  const missing = used.flatMap(([id, by]): Clash[] => {
    if (tagged.has(id)) return [];
    if (id === native || isWhole) return [{ what: String(id), by }];
    const proof = silent(nic, by, view);
    return proof === undefined ? [] : [{ what: String(id), by, proof }];
  });
  if (own && native !== undefined && own.id !== native) missing.push({ what: `${own.id} (untagged)`, by: own.by });
  const [first] = missing;
  if (first) return { missing, first };
  const untold = used.map(([id]) => id).filter((id) => !tagged.has(id));
  if (untold.length === 0) return pass;
  return unknown(tagged.size > 0 ? cutShort : nativeOnly, { native: native ?? "-", most, used: listed(untold) });
}

/** How many VLANs a Junos port tells at most, unless it was told otherwise (transmit-max-vlan-name-tlv): a list of as many may be cut. */
const most = 5;

const cutShort = {
  en: "LLDP: the switch port tells {most} VLANs, which is all that some switches tell, not whether it carries {used} as well",
  zh: "LLDP：交换机端口通告了 {most} 个 VLAN，而部分交换机最多只通告这么多，未说明是否也承载 {used}",
};
const nativeOnly = {
  en: "LLDP: the switch port tells only its untagged VLAN {native}, not whether it carries {used} as well",
  zh: "LLDP：交换机端口只通告其不带标签的 VLAN {native}，未说明是否也承载 {used}",
};

/** A VLAN interface that has sent and never received, though its parent receives: by this NIC, where the parent is a bond. */
function silent(nic: GraphNode, by: GraphNode, view: View): string | undefined {
  const parent = view.graph.towardsWire(by.id).find((edge) => edge.kind === "vlan-parent")?.from;
  const below = parent === undefined ? undefined : view.graph.node(parent);
  const links = view.factIfRead("ip-link");
  if (by.kind !== "vlan" || !below || !links) return undefined;
  const active = view.factIfRead("bond")?.find((bond) => bond.ifname === below.name)?.active;
  if (below.kind === "bond" ? active !== undefined && active !== nic.name : below.id !== nic.id) return undefined;
  const [own, all] = [by, below].map((node) => linkNamed(links, node.name)?.stats64);
  if (!own || !all || own.rx.packets > 0) return undefined;
  if (own.tx.packets < silence.sent || all.rx.packets < silence.received) return undefined;
  return `, RX packets 0, TX packets ${own.tx.packets}; ${below.name} RX packets ${all.rx.packets}`;
}

/** The VLAN that somebody on this host meant by frames without a tag over this NIC, where that has a number that was set. */
function untaggedOver(nic: GraphNode, view: View, memberships: PortVlans): { id: number; by: GraphNode } | undefined {
  const { graph } = view;
  const links = view.factIfRead("ip-link") ?? [];
  const vlansOf = (name: string) => memberships.find((port) => port.ifname === name);
  for (const carrier of [nic, ...uppers(nic, graph, "bond-member")]) {
    for (const over of uppers(carrier, graph, "uplink")) {
      const own = over.attributes.vlanFiltering === 1 ? pvidOf(vlansOf(carrier.name)) : undefined;
      const usual = numberOf(dataOf(linkNamed(links, over.name), "vlan_default_pvid")) ?? 1;
      if (!own?.untagged || own.vlan === usual) continue;
      const users = [over, ...portsOfBridge(graph, over.id).others];
      if (users.some((port) => carriesVlan(vlansOf(port.name), own.vlan))) return { id: own.vlan, by: carrier };
    }
    for (const edge of graph.towardsWire(carrier.id)) {
      const port = edge.kind === "ovs-port" ? graph.node(edge.from) : undefined;
      const tag = port?.kind === "ovs-port" ? port.attributes.tag : undefined;
      const mode = port?.attributes.vlanMode;
      if (
        port &&
        typeof tag === "number" &&
        tag > 0 &&
        (mode === undefined || mode === "access" || mode === "native-untagged")
      )
        return { id: tag, by: port };
    }
  }
  return undefined;
}

/** VLANs that leave the host tagged over this NIC, each with one who uses it. */
function usedOver(nic: GraphNode, graph: GraphView, memberships: PortVlans): ReadonlyMap<number, GraphNode> {
  const used = new Map<number, GraphNode>();
  const carriers = [nic, ...uppers(nic, graph, "bond-member")];
  for (const carrier of carriers) {
    for (const over of uppers(carrier, graph, "vlan-parent"))
      if (
        typeof over.attributes.vlan === "number" &&
        over.attributes.up === true &&
        over.attributes.protocol !== "802.1ad"
      )
        used.set(over.attributes.vlan, over);
    for (const over of uppers(carrier, graph, "uplink"))
      if (over.attributes.vlanFiltering === 1) addGuests(used, carrier, over, graph, memberships);
    for (const edge of graph.towardsWire(carrier.id)) if (edge.kind === "ovs-port") addTags(used, edge.from, graph);
  }
  return used;
}

function uppers(node: GraphNode, graph: GraphView, kind: "bond-member" | "vlan-parent" | "uplink"): GraphNode[] {
  return graph
    .towardsGuest(node.id)
    .flatMap((edge) => (edge.kind === kind && edge.present ? (graph.node(edge.to) ?? []) : []));
}

/** VLANs of guests' ports on a filtering bridge that its uplink sends tagged. */
function addGuests(
  used: Map<number, GraphNode>,
  uplink: GraphNode,
  over: GraphNode,
  graph: GraphView,
  all: PortVlans,
): void {
  const byName = new Map(all.map((port) => [port.ifname, port.vlans]));
  const leaves = byName.get(uplink.name) ?? [];
  const tagged = (id: number) =>
    leaves.some(
      (range) => id >= range.vlan && id <= (range.vlanEnd ?? range.vlan) && !range.flags?.includes("Egress Untagged"),
    );
  for (const edge of graph.towardsGuest(over.id)) {
    const port = edge.kind === "bridge-port" && edge.present ? graph.node(edge.to) : undefined;
    // A trunk to a guest may hold thousands; only the VLAN that its untagged frames go into is surely used.
    const own = port && byName.get(port.name)?.find((range) => range.flags?.includes("PVID"))?.vlan;
    if (port && own !== undefined && tagged(own)) used.set(own, port);
  }
}

/** Tags of guests' ports on the Open vSwitch bridge that this uplink port is on. */
function addTags(used: Map<number, GraphNode>, uplinkPort: string, graph: GraphView): void {
  const uplink = graph.node(uplinkPort);
  if (uplink?.kind !== "ovs-port" || uplink.attributes.tag !== undefined) return;
  const { trunks } = uplink.attributes;
  for (const above of graph.towardsWire(uplinkPort))
    for (const edge of graph.towardsGuest(above.from)) {
      const port = graph.node(edge.to);
      const tag = port?.kind === "ovs-port" ? port.attributes.tag : undefined;
      if (!port || typeof tag !== "number" || tag === 0 || (Array.isArray(trunks) && !trunks.includes(tag))) continue;
      if (graph.towardsGuest(port.id).some((one) => graph.node(one.to)?.kind === "tap")) used.set(tag, port);
    }
}
