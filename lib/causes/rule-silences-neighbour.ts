import { reachable } from "../graph/reach";
import type { CauseRule } from "./define";

/** A guest does not answer ARP because a rule of the bridge drops its frames: the edge that the rule cuts is the guest's only way. */
export const rule: CauseRule = {
  id: "rule-silences-neighbour",
  cause: ["bridge-filter-drops", "mac-allowlist", "firewall-frontend"],
  effect: ["arp-incomplete"],
  lab: { case: "bridge-filter-drops-lease" },
  links(cause, effect, graph) {
    if (graph.node(effect.subject)?.kind !== "vm" || cause.breaks.length === 0) return false;
    const ends = cause.breaks.flatMap((id) => graph.edge(id)?.to ?? []);
    // Guests behind the cut ends; nothing leads back over the edges that are cut.
    return reachable(graph, ends, { nodes: new Set(), edges: new Set(cause.breaks) }).has(effect.subject);
  },
};
