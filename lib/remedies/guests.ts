import { isGuest, nodeKind } from "../graph/kinds";
import { routedEdges } from "../graph/reach";
import type { GraphView } from "../graph/view";

/** Vm ids behind a node, found by following edges towards the guests, and the host's routes to those behind NAT; expected edges count, since a guest that should hang there is touched too. */
export function guestsBehind(graph: GraphView, start: string): string[] {
  const seen = new Set([start]);
  const queue = [start];
  const guests: string[] = [];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const node = graph.node(id);
    if (node && isGuest(node)) guests.push(id);
    for (const edge of [...graph.towardsGuest(id), ...routedEdges(graph).filter((way) => way.from === id)]) {
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      queue.push(edge.to);
    }
  }
  return guests.sort();
}

/** Node ids between a node and the wire, itself included. */
export function wireward(graph: GraphView, start: string): Set<string> {
  const seen = new Set([start]);
  const queue = [start];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    for (const edge of graph.towardsWire(id)) {
      if (!edge.present || seen.has(edge.from)) continue;
      seen.add(edge.from);
      queue.push(edge.from);
    }
  }
  return seen;
}

/**
 * Whether touching `node` can cut the way by which we reach the host: it holds the address that our connection ends at, or lies between that
 * address and the wire. Where that address is not known, every node that holds one or leads to one counts: better one question too many.
 */
export function onManagementPath(graph: GraphView, node: string, managementAddress: string | undefined): boolean {
  for (const holder of graph.nodes.values()) {
    const addresses = addressesOf(holder.attributes.addresses);
    const holds = managementAddress === undefined ? addresses.length > 0 : addresses.includes(managementAddress);
    if (holds && !nodeKind[holder.kind].isForeign && wireward(graph, holder.id).has(node)) return true;
  }
  return false;
}

/** Addresses of an attribute such as ["192.0.2.1/24", ...], without their prefix lengths. */
export function addressesOf(attribute: unknown): string[] {
  if (!Array.isArray(attribute)) return [];
  return attribute.filter((a): a is string => typeof a === "string").map((a) => a.split("/")[0] ?? a);
}
