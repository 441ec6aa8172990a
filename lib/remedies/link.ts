import { Netns } from "../changes/shapes";
import { type Facts, factIfRead } from "../facts/facts";
import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";

/** The node's own network namespace, as a change names it: nothing for the host's own. Only namespaces with a plain name can be entered by name. */
export function netnsOf(node: GraphNode): { readonly netns?: string } | { readonly refused: string } {
  const netns = node.attributes.netns;
  if (netns === undefined || netns === null || netns === "") return {};
  if (typeof netns !== "string" || !Netns.safeParse(netns).success) {
    return { refused: `${node.name} lies in a network namespace that has no plain name` };
  }
  return { netns };
}

/**
 * How long a link change needs before traffic flows, and why. A bridge port with STP on listens and learns for 2 x forward delay
 * (IEEE 802.1D); a bond member waits its updelay (Documentation/networking/bonding.rst). Too short would undo a good change before it worked,
 * too long would leave a bad one in place: two seconds of ground time cover carrier detection and the first ARP exchange.
 */
export function settleOf(node: GraphNode, graph: GraphView, facts: Facts): { settleMs: number; settleBecause: string } {
  let settleMs = 2_000;
  const reasons = ["2 s for carrier and the first ARP exchange"];
  const bridges = new Set<string>();
  if (node.kind === "bridge") bridges.add(node.name);
  for (const edge of [...graph.towardsWire(node.id), ...graph.towardsGuest(node.id)]) {
    for (const end of [edge.from, edge.to]) {
      const other = graph.node(end);
      if (other?.kind === "bridge") bridges.add(other.name);
    }
  }
  for (const link of factIfRead(facts, "ip-link") ?? []) {
    if (link.linkinfo?.info_kind === "bridge" && bridges.has(link.ifname)) {
      const data = link.linkinfo.info_data ?? {};
      const delay = typeof data.forward_delay === "number" ? data.forward_delay : undefined;
      if (data.stp_state === 1 && delay !== undefined) {
        // iproute2 prints the kernel's clock_t: hundredths of a second.
        settleMs += 2 * delay * 10;
        reasons.push(`${(2 * delay) / 100} s for STP on ${link.ifname} (2 x forward delay)`);
      }
    }
  }
  return { settleMs, settleBecause: reasons.join(", ") };
}
