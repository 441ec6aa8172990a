import { isGuest } from "../graph/kinds";
import { routedEdges } from "../graph/reach";
import type { GraphView } from "../graph/view";

/**
 * Vm ids behind a node, nearest first, over the host's routes also those behind NAT. Expected edges count, since a guest that should hang there is
 * touched too; `present`: only those over which something passes now.
 */
export function guestsBehind(graph: GraphView, start: string, only?: "present"): string[] {
  const seen = new Set([start]);
  const queue = [start];
  const guests: string[] = [];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const node = graph.node(id);
    if (node && isGuest(node)) guests.push(id);
    for (const edge of [...graph.towardsGuest(id), ...routedEdges(graph).filter((way) => way.from === id)]) {
      if (seen.has(edge.to) || (only === "present" && !edge.present)) continue;
      seen.add(edge.to);
      queue.push(edge.to);
    }
  }
  return guests;
}

/** Addresses of an attribute such as ["192.0.2.1/24", ...], without their prefix lengths. */
export function addressesOf(attribute: unknown): string[] {
  if (!Array.isArray(attribute)) return [];
  return attribute.filter((a): a is string => typeof a === "string").map((a) => a.split("/")[0] ?? a);
}
