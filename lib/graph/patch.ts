import { sameJson } from "../facts/equal";
import type { Facts } from "../facts/facts";
import type { Link } from "../probes/ip-link";
import { deviceKind } from "./kinds";
import { linkAttributes } from "./links";
import type { GraphNode, Json } from "./model";
import { type GraphView, withNodes } from "./view";

/**
 * What an interface is known by, belongs to and leads to is in its other fields. These are plain values of it: no pass makes anything else of them than attributes of its
 * own node (see `linkAttributes`), and that a NIC had carrier once.
 */
const plain: ReadonlySet<string> = new Set(["flags", "mtu", "operstate", "qdisc", "stats", "stats64"]);

/** With more than this, building the graph is no dearer. */
const most = 8;

export interface PatchedGraph {
  readonly graph: GraphView;
  /** Ids of the nodes that differ. */
  readonly nodes: readonly string[];
}

/**
 * The graph after a change of `ip-link` in which nothing but plain values of interfaces differs, or undefined where more does and it has to be built. Entries that did not change are
 * the same objects in both facts. The rest of the graph is shared, so that a cable that is pulled costs its own node and not the host.
 */
export function patchGraph(graph: GraphView, before: Facts, after: Facts): PatchedGraph | undefined {
  const [old, now] = [before["ip-link"], after["ip-link"]];
  if (!old?.ok || !now?.ok || old.value.length !== now.value.length) return undefined;
  const put = new Map<string, GraphNode>();
  for (let at = 0; at < now.value.length; at++) {
    const [from, to] = [old.value[at], now.value[at]];
    if (from === to) continue;
    if (!from || !to || !differsPlainly(from, to)) return undefined;
    const node = nodeOf(graph, from);
    const next = node && patched(node, from, to);
    if (!next) return undefined;
    put.set(next.id, next);
    if (put.size > most) return undefined;
  }
  return { graph: put.size === 0 ? graph : withNodes(graph, put), nodes: [...put.keys()] };
}

function differsPlainly(from: Link, to: Link): boolean {
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [a, b] = [from[key as keyof Link], to[key as keyof Link]];
    if (!plain.has(key) && !sameJson(a, b)) return false;
  }
  return true;
}

/** The one node that was made of this interface of the host's own namespace. */
function nodeOf(graph: GraphView, link: Link): GraphNode | undefined {
  let found: GraphNode | undefined;
  for (const node of graph.nodes.values()) {
    if (node.attributes.ifindex !== link.ifindex || node.name !== link.ifname || node.attributes.netns !== undefined)
      continue;
    if (found) return undefined;
    found = node;
  }
  return found;
}

function patched(node: GraphNode, from: Link, to: Link): GraphNode | undefined {
  const [was, is] = [linkAttributes({ link: from, netns: "" }), linkAttributes({ link: to, netns: "" })];
  // A NIC keeps that it had carrier: where that is new, there is more to be done than here.
  if (node.kind === deviceKind && is.carrier === true && node.attributes.hadCarrier !== true) return undefined;
  const attributes: Record<string, Json> = { ...node.attributes };
  for (const [key, value] of Object.entries(was)) {
    // Somebody else has written over it.
    if (!sameJson(attributes[key], value)) return undefined;
    delete attributes[key];
  }
  return { ...node, attributes: Object.assign(attributes, is) };
}
