import type { EdgeKind, GraphNode } from "./model";
import type { GraphView } from "./view";

/** Edges that stay within one layer-2 segment. A VLAN or VXLAN interface is a door to another one. */
const within: ReadonlySet<EdgeKind> = new Set<EdgeKind>([
  "bond-member",
  "uplink",
  "bridge-port",
  "ovs-port",
  "veth-peer",
  "macvtap",
  "tap-vnic",
]);

/**
 * Nodes that share a layer-2 segment with this one on the host, itself included. Tags on the ports of a VLAN-filtering bridge or of Open vSwitch are not
 * looked at here: see `tagOf`. Guests forward nothing.
 */
export function segmentOf(graph: GraphView, start: string): Set<string> {
  const seen = new Set([start]);
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const edge of [...graph.towardsWire(id), ...graph.towardsGuest(id)]) {
      if (!edge.present || !within.has(edge.kind)) continue;
      const next = edge.from === id ? edge.to : edge.from;
      if (seen.has(next) || graph.shape(next)?.kind === "vm") continue;
      seen.add(next);
      queue.push(next);
    }
  return seen;
}

/** The host's interface that a guest's NIC ends in, and the OVS port above it. */
export function portsOf(graph: GraphView, vnic: string): GraphNode[] {
  return graph
    .towardsWire(vnic)
    .flatMap((edge) => [edge.from, ...graph.towardsWire(edge.from).map((above) => above.from)])
    .flatMap((id) => graph.node(id) ?? []);
}
