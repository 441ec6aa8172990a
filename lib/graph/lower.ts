import { factIfRead } from "../facts/facts";
import type { Link } from "../probes/ip-link";
import { netnsOf } from "./links";
import type { GraphNode } from "./model";
import type { GraphBuilder } from "./pass";

/** Each interface node with its link, in the host's own namespace and in the named ones. */
export function* linkNodes(builder: GraphBuilder): Generator<{ node: GraphNode; link: Link; netns: string }> {
  const of = function* (links: readonly Link[], netns: string) {
    for (const link of links) {
      const node = builder.byIfindex(link.ifindex, netns);
      if (node) yield { node, link, netns };
    }
  };
  yield* of(factIfRead(builder.facts, "ip-link") ?? [], "");
  for (const netns of netnsOf(builder.facts)) yield* of(netns.links, netns.name);
}

/**
 * The lower device of a VLAN, macvtap or VXLAN. iproute2 names it where it lives in the same namespace (`link`); where it lives in another one there is only an
 * index, and that counts in the other namespace: the lower device is then not known here.
 */
export function lowerOf(builder: GraphBuilder, link: Link, netns: string): GraphNode | undefined {
  if (link.link !== undefined) return builder.byName(link.link, netns);
  if (link.link_index !== undefined && link.link_netnsid === undefined)
    return builder.byIfindex(link.link_index, netns);
  return undefined;
}

/** A plain value of a kind-specific detail, or undefined. */
export function plain(value: unknown): string | number | boolean | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}
