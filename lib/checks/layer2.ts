import { forEntry } from "../facts/watched";
import { graphMemo } from "../graph/memo";
import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { FdbEntry } from "../probes/bridge-fdb";
import type { PortVlans } from "../probes/bridge-vlan";
import type { Link } from "../probes/ip-link";
import type { CheckView } from "./define";

/** Look-ups that several checks of bridges, bonds and VLANs share. Indexes are kept by the fact's own object: they are made once a reading. */
const linkIndex = new WeakMap<readonly Link[], ReadonlyMap<string, Link>>();
const fdbIndex = new WeakMap<readonly FdbEntry[], ReadonlyMap<string, readonly FdbEntry[]>>();

/** The host's own interface of that name (no other network namespace). */
export function linkNamed(links: readonly Link[], name: string): Link | undefined {
  const list = forEntry(links, name);
  let index = linkIndex.get(list);
  if (!index) {
    index = new Map(list.map((link) => [link.ifname, link]));
    linkIndex.set(list, index);
  }
  return index.get(name);
}

/** Whether a node lies in another network namespace, of which `ip-link` tells nothing. */
export const isElsewhere = (node: GraphNode): boolean => typeof node.attributes.netns === "string";

export function fdbOf(entries: readonly FdbEntry[], mac: string): readonly FdbEntry[] {
  let index = fdbIndex.get(entries);
  if (!index) {
    const made = new Map<string, FdbEntry[]>();
    for (const entry of entries) {
      const list = made.get(entry.mac);
      if (list) list.push(entry);
      else made.set(entry.mac, [entry]);
    }
    index = made;
    fdbIndex.set(entries, index);
  }
  return index.get(mac) ?? [];
}

/** Learned from a frame that came in: not put there by hand, not the port's own address, not told by a control plane. */
export const isLearned = (entry: FdbEntry): boolean =>
  (entry.state === "" || entry.state === "reachable" || entry.state === "stale") &&
  !entry.flags.includes("self") &&
  !entry.flags.includes("extern_learn") &&
  entry.dst === undefined;

/** A kind-specific setting of an interface: iproute2 prints numbers and flags. */
export function dataOf(link: Link | undefined, key: string): unknown {
  return link?.linkinfo?.info_data?.[key];
}

export function portData(link: Link | undefined, key: string): unknown {
  return link?.linkinfo?.info_slave_data?.[key];
}

export const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** Where a guest's NIC is plugged in now: its TAP and the Linux bridge that has the TAP. */
export function plugOf(vnic: GraphNode, graph: GraphView): { tap: GraphNode; bridge: GraphNode } | undefined {
  for (const edge of graph.towardsWire(vnic.id)) {
    const tap = edge.kind === "tap-vnic" ? graph.node(edge.from) : undefined;
    if (!tap) continue;
    for (const port of graph.towardsWire(tap.id)) {
      const bridge = port.kind === "bridge-port" && port.present ? graph.node(port.from) : undefined;
      if (bridge?.kind === "bridge") return { tap, bridge };
    }
  }
  return undefined;
}

/** Ports of a Linux bridge that lead to the wire, and those that lead to guests; only those that the kernel has. Each is worked out where it is asked for. */
export function portsOfBridge(graph: GraphView, bridge: string): { uplinks: GraphNode[]; others: GraphNode[] } {
  return {
    get uplinks() {
      return uplinksOf(graph, bridge);
    },
    get others() {
      return othersOf(graph, bridge);
    },
  };
}

const sameNodes = (a: GraphNode[], b: GraphNode[]): boolean =>
  a.length === b.length && a.every((node, at) => node === b[at]);

// Each guest of a bridge asks for these.
const uplinksOf = graphMemo(
  (graph, bridge) =>
    graph
      .towardsWire(bridge)
      .filter((edge) => edge.present && edge.kind === "uplink")
      .flatMap((edge) => graph.node(edge.from) ?? []),
  sameNodes,
);

const othersOf = graphMemo(
  (graph, bridge) =>
    graph
      .towardsGuest(bridge)
      .filter((edge) => edge.present && edge.kind === "bridge-port")
      .flatMap((edge) => graph.node(edge.to) ?? []),
  sameNodes,
);

/** Is this VLAN among those of the port? */
export const carriesVlan = (port: PortVlans | undefined, vlan: number): boolean =>
  port?.vlans.some((entry) => entry.vlan <= vlan && vlan <= (entry.vlanEnd ?? entry.vlan)) ?? false;

/**
 * Whether an entry of this bridge's table is of a VLAN that the port is in. On a filtering bridge the same address in another VLAN is another's business; without
 * filtering there is one table for all.
 */
export function vlanTest(bridge: string, view: CheckView<"ip-link">): (entry: FdbEntry, port: string) => boolean {
  if (dataOf(linkNamed(view.fact("ip-link"), bridge), "vlan_filtering") !== 1) return () => true;
  const ports = view.factIfRead("bridge-vlan") ?? [];
  return ({ vlan }, port) =>
    vlan === undefined ||
    carriesVlan(
      ports.find((one) => one.ifname === port),
      vlan,
    );
}

/** VLAN of untagged frames that come in, and whether it goes out untagged as well. */
export function pvidOf(port: PortVlans | undefined): { readonly vlan: number; readonly untagged: boolean } | undefined {
  const entry = port?.vlans.find((one) => one.flags?.includes("PVID"));
  return entry && { vlan: entry.vlan, untagged: entry.flags?.includes("Egress Untagged") ?? false };
}

/** "10, 20-30": VLANs as people write them. */
export const vlanList = (port: PortVlans | undefined): string =>
  (port?.vlans ?? [])
    .map(({ vlan, vlanEnd }) => (vlanEnd === undefined ? String(vlan) : `${vlan}-${vlanEnd}`))
    .join(", ") || "-";

/** `bridge vlan show dev NAME`, shortened to what decides. */
export const vlanLine = (name: string, port: PortVlans | undefined): string =>
  [
    name,
    ...(port?.vlans ?? []).map(({ vlan, vlanEnd, flags }) =>
      [vlanEnd === undefined ? vlan : `${vlan}-${vlanEnd}`, ...(flags ?? [])].join(" "),
    ),
  ].join("  ");

/** One line of `bridge fdb show`. */
export const fdbLine = (entry: FdbEntry): string =>
  [
    entry.mac,
    `dev ${entry.ifname ?? "-"}`,
    ...(entry.vlan === undefined ? [] : [`vlan ${entry.vlan}`]),
    ...(entry.master === undefined ? [] : [`master ${entry.master}`]),
    ...entry.flags,
    entry.state,
  ]
    .join(" ")
    .trim();
