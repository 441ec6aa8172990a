import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import type { FactOf } from "../../probes/registry";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { addLinks, bondHost, bridge, edit, factsOf, setLink, unread, vlan } from "../testing";

type PortVlans = FactOf<"bridge-vlan">;
type Neighbour = FactOf<"lldp">[number];

/**
 * The switch port says which VLANs it carries, and one that this host uses over it is not among them, or is the port's untagged one where the host sends it tagged. Only judged where
 * the port names tagged VLANs at all: many switches tell only their PVID, or nothing.
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
    en: "On the switch, at {peer}: make the port a trunk and allow VLAN {missing} tagged (Cisco: switchport mode trunk; switchport trunk allowed vlan add {missing}. Linux or Cumulus: bridge vlan add vid {missing} dev PORT). Or take the guests of VLAN {missing} elsewhere.",
    zh: "在交换机 {peer} 上：将端口设为 trunk 并以 tagged 方式允许 VLAN {missing}（Cisco：switchport mode trunk；switchport trunk allowed vlan add {missing}。Linux 或 Cumulus：bridge vlan add vid {missing} dev 端口）。或将 VLAN {missing} 的虚拟机移到别处。",
  },
  explain: {
    en: "Frames of a VLAN that the switch port does not carry are dropped there, and the host sees nothing of it: the VLAN is simply silent. By LLDP (802.1 TLVs) the port itself tells what it carries.",
    zh: "交换机端口不承载的 VLAN 的帧会在那里被丢弃，主机毫无察觉：该 VLAN 只是没有声音。端口通过 LLDP（802.1 TLV）告知它承载哪些 VLAN。",
  },
  needs: ["ip-link", "lldp"],
  optional: ["bridge-vlan", "ovs"],
  subjects: ["nic", "veth"],
  reach: "host",
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
    const tagged = new Set(neighbour.vlans.filter((one) => !one.pvid).map((one) => one.id));
    // A switch that lists the untagged VLAN among the named ones too says nothing more by that.
    const native = neighbour.vlans.find((one) => one.pvid)?.id;
    if ([...tagged].every((id) => id === native)) return null;
    const used = usedOver(nic, view.graph, view.factIfRead("bridge-vlan") ?? []);
    if (used.size === 0) return null;
    const missing = [...used].filter(([id]) => !tagged.has(id)).sort(([a], [b]) => a - b);
    const [first] = missing;
    if (!first) return pass;
    const peer = `${neighbour.chassis.name ?? neighbour.chassis.id ?? "?"} ${neighbour.port.id ?? neighbour.port.descr ?? "?"}`;
    const carried = neighbour.vlans.map((one) => `${one.id}${one.pvid ? " (untagged)" : ""}`).join(", ");
    return {
      status: "warn",
      params: { nic: nic.name, peer, missing: missing.map(([id]) => id).join(", "), carried },
      evidence: [
        {
          command: commandLine(["lldpcli", "show", "neighbors", "ports", nic.name, "details"]),
          excerpt: `PortID: ${neighbour.port.id ?? "-"}  VLAN: ${carried}`,
        },
        {
          command:
            first[1].kind === "vlan"
              ? commandLine(["ip", "-d", "link", "show", "dev", first[1].name])
              : "bridge vlan show",
          excerpt: missing.map(([id, by]) => `${by.name}: VLAN ${id}`).join("\n"),
        },
      ],
      alsoOn: view.graph
        .towardsWire(nic.id)
        .filter((edge) => edge.kind === "lldp")
        .map((edge) => edge.from),
    };
  },
  examples: {
    bad: [
      {
        name: "a VLAN interface over the bond, not on the switch port",
        expect: "warn",
        facts: told([10, 20], addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30))),
        subject: "nic/nic0",
      },
      {
        name: "a guest's VLAN on a filtering bridge",
        expect: "warn",
        facts: told([20, 30], filtering(10)),
        subject: "nic/nic0",
      },
      {
        name: "tagged here, untagged there",
        expect: "warn",
        facts: told([20], addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30)), 30),
        subject: "nic/nic0",
      },
    ],
    good: [
      {
        name: "all are carried",
        expect: "pass",
        facts: told([10, 20, 30], addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30))),
        subject: "nic/nic0",
      },
      {
        name: "a guest's VLAN that is carried",
        expect: "pass",
        facts: told([10, 20], filtering(10)),
        subject: "nic/nic0",
      },
      {
        name: "a switch that tells only its PVID",
        expect: "not-applicable",
        facts: told([], addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30)), 1),
        subject: "nic/nic0",
      },
      { name: "no VLAN is used", expect: "not-applicable", facts: told([10, 20], bondHost()), subject: "nic/nic0" },
      {
        name: "VLANs on a bridge without filtering are the guests' own business",
        expect: "not-applicable",
        facts: told(
          [20],
          edit(filtering(10), "ip-link", (links) =>
            links.map((one) => (one.ifname === "br0" ? bridge(6, "br0") : one)),
          ),
        ),
        subject: "nic/nic0",
      },
      {
        name: "no lldpd",
        expect: "not-applicable",
        facts: unread(told([10], bondHost()), "lldp", "absent", ""),
        subject: "nic/nic0",
      },
    ],
    unknown: [
      {
        name: "lldpd did not answer",
        expect: "unknown",
        facts: unread(told([10], bondHost()), "lldp"),
        subject: "nic/nic0",
      },
    ],
  },
});

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

function told(ids: readonly number[], facts: ReturnType<typeof bondHost>, pvid = 1) {
  const neighbour: Neighbour = {
    ifname: "nic0",
    via: "LLDP",
    chassis: { id: "52:54:00:4c:ff:11", name: "tor-01", mgmtIps: [], capabilities: ["Bridge"] },
    port: { id: "swp1" },
    vlans: [...ids.map((id) => ({ id, pvid: false })), { id: pvid, pvid: true }],
  };
  return { ...facts, ...factsOf({ lldp: [neighbour] }) };
}

function filtering(guest: number) {
  const facts = setLink(bondHost(), "br0", (one) => ({
    ...one,
    linkinfo: { info_kind: "bridge", info_data: { stp_state: 0, forward_delay: 0, vlan_filtering: 1 } },
  }));
  const untagged = ["PVID", "Egress Untagged"];
  return {
    ...facts,
    ...factsOf({
      "bridge-vlan": [
        {
          ifname: "bond0",
          vlans: [
            { vlan: 1, flags: untagged },
            { vlan: 10, vlanEnd: 20 },
          ],
        },
        { ifname: "vnet0", vlans: [{ vlan: guest, flags: untagged }] },
        { ifname: "vnet1", vlans: [{ vlan: 1, flags: untagged }] },
      ],
    }),
  };
}
