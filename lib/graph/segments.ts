import { edgeKind, isGuest } from "./kinds";
import type { GraphNode } from "./model";
import type { GraphView } from "./view";

/**
 * Nodes that share a layer-2 segment with this one on the host, itself included. Tags on the ports of a VLAN-filtering bridge or of Open vSwitch are not
 * looked at here: see `tagOf`. Guests forward nothing.
 */
export function segmentOf(graph: GraphView, start: string): Set<string> {
  const seen = new Set([start]);
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const edge of [...graph.towardsWire(id), ...graph.towardsGuest(id)]) {
      if (!edge.present || !edgeKind[edge.kind].within) continue;
      const next = edge.from === id ? edge.to : edge.from;
      const shape = graph.shape(next);
      if (seen.has(next) || (shape && isGuest(shape))) continue;
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
