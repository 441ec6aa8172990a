import { graphMemo } from "../../graph/memo";
import type { GraphEdge, GraphNode } from "../../graph/model";
import { reachable } from "../../graph/reach";
import type { CheckView } from "../define";
import type { Packet } from "./packet";
import { type Culprit, type Ruleset, ruled, rulesetOf } from "./ruleset";

export type FirewallView = CheckView<"nft" | "iptables">;

/** Optional facts that say where packets pass and which addresses guests have. */
export const trafficFacts = [
  "sysctl",
  "sysfs-net",
  "ip-route",
  "ip-addr",
  "ip-neigh",
  "libvirt-networks",
  "libvirt-ifaddr",
  "firewall-frontend",
] as const;

/** Rules of the host. Throws Unread where one of the tools is there and its rules were not read. */
export const rulesOf = (view: FirewallView): Ruleset =>
  rulesetOf(view.factOrAbsent("nft"), view.factOrAbsent("iptables"));

/** Whose traffic is judged: all guests of a bridge alike (`tap` missing), or one guest. */
export interface Flow {
  readonly bridge: GraphNode;
  readonly tap?: GraphNode;
  readonly mac?: string;
  /** Its addresses, where any is known. */
  readonly addresses: readonly string[];
}

/** All guests of a bridge alike. */
export const anyGuest = (bridge: GraphNode): Flow => ({ bridge, addresses: [] });

/** The guest behind a TAP. */
export function flowOf(view: Pick<CheckView, "factIfRead">, bridge: GraphNode, tap: GraphNode): Flow {
  const mac = tap.attributes.guestMac;
  return { bridge, tap, addresses: addressesOf(view, tap), ...(typeof mac === "string" ? { mac } : {}) };
}

/** Where a flow meets rules: frames within the bridge, bridged packets in the IP hooks (br_netfilter), packets that are routed off the bridge. */
export type Road = "frames" | "bridged" | "routed";

export type Kind = "any" | "icmp" | "tcp" | "arp";

/** Guests' ports of a bridge, there now. */
export const guestPorts = (view: Pick<CheckView, "graph">, bridge: string): readonly GraphEdge[] =>
  view.graph
    .towardsGuest(bridge)
    .filter((edge) => edge.kind === "bridge-port" && edge.present && view.graph.shape(edge.to)?.kind === "tap");

/** The bridge that a TAP is a port of. */
export function bridgeOf(
  view: Pick<CheckView, "graph">,
  tap: string,
): { bridge: GraphNode; edge: GraphEdge } | undefined {
  for (const edge of view.graph.towardsWire(tap)) {
    const bridge = edge.kind === "bridge-port" && edge.present ? view.graph.node(edge.from) : undefined;
    if (bridge) return { bridge, edge };
  }
  return undefined;
}

/** Addresses of the guest behind a TAP, by its MAC: leases, its agent, the host's neighbours. */
export function addressesOf(view: Pick<CheckView, "factIfRead">, tap: GraphNode): string[] {
  const mac = tap.attributes.guestMac;
  if (typeof mac !== "string") return [];
  const found = new Set<string>();
  for (const entry of view.factIfRead("libvirt-ifaddr")?.addresses ?? [])
    if (entry.mac === mac && entry.family === "ipv4") found.add(entry.address);
  for (const entry of view.factIfRead("ip-neigh") ?? [])
    if (entry.lladdr === mac && entry.family === "inet") found.add(entry.dst);
  for (const network of view.factIfRead("libvirt-networks") ?? [])
    for (const lease of network.leases ?? [])
      if (lease.mac.toLowerCase() === mac && lease.protocol === "ipv4") found.add(lease.address);
  return [...found];
}

/** Whether bridged IPv4 packets pass the IP hooks: for all bridges, or for this one. */
export function callsIptables(view: Pick<CheckView, "factIfRead">, bridge: GraphNode): boolean {
  if (view.factIfRead("sysctl")?.values["net.bridge.bridge-nf-call-iptables"] === 1) return true;
  const own = view.factIfRead("sysfs-net")?.find((link) => link.ifindex === bridge.attributes.ifindex);
  return own?.bridge?.nf_call_iptables === 1;
}

/**
 * Whether the host routes what comes off this bridge: libvirt says so, or it has an address and no way to the wire of its own. An isolated network is cut off by design, and so is one by
 * hand on a host that routes nothing.
 */
export function isRouted(view: Pick<CheckView, "factIfRead" | "graph">, bridge: GraphNode): boolean {
  const network = view.factIfRead("libvirt-networks")?.find((one) => one.bridge?.name === bridge.name);
  if (network) return ["nat", "route", "open"].includes(network.forward?.mode ?? "");
  const held = view.factIfRead("ip-addr")?.find((entry) => entry.ifindex === bridge.attributes.ifindex);
  if (!held?.addr_info.some((address) => address.scope === "global" && address.family === "inet")) return false;
  if (view.factIfRead("sysctl")?.values["net.ipv4.ip_forward"] === 0) return false;
  return !hasWay(view.graph, bridge.id);
}

/** Whether a NIC can be reached from this bridge without leaving its segment. Asked for each guest of a bridge, by several checks: once is enough. */
const hasWay = graphMemo((graph, bridge) =>
  [...reachable(graph, [bridge])].some((id) => id !== bridge && graph.shape(id)?.isWire === true),
);

/** The uplink of a bridge, where it has exactly one. */
function uplinkOf(view: Pick<CheckView, "graph">, bridge: string): string | undefined {
  const uplinks = view.graph.towardsWire(bridge).filter((edge) => edge.kind === "uplink" && edge.present);
  const [only, more] = uplinks;
  return only && !more ? view.graph.node(only.from)?.name : undefined;
}

interface Stop {
  readonly layer: "ip" | "bridge";
  readonly hook: string;
  readonly packet: Packet;
}

const hooks = ["prerouting", "forward", "postrouting"] as const;

/** The hooks with a chain that a packet of this flow passes on this road: out to the wire as the first of a connection, and back as an answer. */
function stopsOf(
  view: FirewallView,
  ruleset: Ruleset,
  flow: Flow,
  road: Road,
  kind: Kind,
  address: string | undefined,
): Stop[] {
  const { mac } = flow;
  const port = flow.tap?.name;
  const proto = kind === "icmp" || kind === "tcp" ? { proto: kind } : {};
  const family = kind === "arp" ? ("arp" as const) : ("ip" as const);
  const leave = { family, ...proto, state: "new" as const, ...named("saddr", address), ...named("smac", mac) };
  const enter = { family, ...proto, state: "established" as const, ...named("daddr", address), ...named("dmac", mac) };
  const through = (layer: "ip" | "bridge", packet: Packet): Stop[] =>
    hooks.flatMap((hook) => {
      if (ruleset.hooked(layer, hook).length === 0) return [];
      if (hook === "prerouting") return { layer, hook, packet: { ...packet, oif: undefined, physout: undefined } };
      if (hook === "forward") return { layer, hook, packet };
      return { layer, hook, packet: { ...packet, iif: undefined, physin: undefined } };
    });
  if (road === "frames") {
    const uplink = uplinkOf(view, flow.bridge.id);
    return [
      ...through("bridge", { ...leave, bridged: true, ...named("iif", port), ...named("oif", uplink) }),
      ...through("bridge", { ...enter, bridged: true, ...named("iif", uplink), ...named("oif", port) }),
    ];
  }
  if (kind === "arp") return [];
  if (road === "bridged") {
    if (!callsIptables(view, flow.bridge)) return [];
    const { name } = flow.bridge;
    const uplink = uplinkOf(view, flow.bridge.id);
    const at = { bridged: true, iif: name, oif: name };
    return [
      ...through("ip", { ...leave, ...at, ...named("physin", port), ...named("physout", uplink) }),
      ...through("ip", { ...enter, ...at, ...named("physin", uplink), ...named("physout", port) }),
    ];
  }
  if (!isRouted(view, flow.bridge)) return [];
  const out = view.factIfRead("ip-route")?.find((route) => route.dst === "default" && route.family === "inet")?.dev;
  // A routed packet carries the guest's MAC only until the host takes it in.
  return [
    ...through("ip", { ...leave, bridged: false, iif: flow.bridge.name, ...named("oif", out) }),
    ...through("ip", { ...enter, bridged: false, ...named("iif", out), oif: flow.bridge.name }),
  ];
}

function named<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

/** What drops a flow for certain on this road, for packets of this kind; for a guest with several addresses, for any of them. */
export function droppedOn(view: FirewallView, flow: Flow, road: Road, kind: Kind): Culprit | undefined {
  const ruleset = rulesOf(view);
  // Most hosts have no rule on bridged frames at all, and this is asked for each guest by several checks.
  const layer = road === "frames" ? "bridge" : "ip";
  if (hooks.every((hook) => ruleset.hooked(layer, hook).length === 0)) return undefined;
  const addresses: readonly (string | undefined)[] = flow.addresses.length > 0 ? flow.addresses : [undefined];
  for (const address of addresses)
    for (const { layer: of, hook, packet } of stopsOf(view, ruleset, flow, road, kind, address)) {
      const verdict = ruled(ruleset, of, hook, packet);
      if (typeof verdict === "object") return verdict.dropped;
    }
  return undefined;
}
