import { edgeKind, edgeKinds, nodeKind } from "./kinds";
import type { GraphEdge, GraphNode } from "./model";
import { type Shape, shapeOf } from "./shape";
import type { GraphView } from "./view";

/** Frames pass over it. LLDP, gateway and segment edges only tell what is where. */
export const carries = (edge: Pick<GraphEdge, "kind">): boolean => edgeKind[edge.kind].carries;

/**
 * Where a frame leaves the host: a NIC, or a veth that plays one inside a namespace. Whether it has carrier is not
 * asked here.
 */
export const isWire = (node: GraphNode): boolean => shapeOf(node).isWire;

/** Ends of frames: a guest forwards nothing of another guest's. */
const ends = (node: Shape): boolean => nodeKind[node.kind].isEnd === true;

export const isRoutedWay = (edge: Pick<GraphEdge, "kind">): boolean => edgeKind[edge.kind].isRouted === true;

const routedKinds = edgeKinds.filter((kind) => edgeKind[kind].isRouted);

/**
 * Ways by which packets of networks behind the host leave it. Who follows wires does not meet them: what is routed is
 * not bridged.
 */
export const routedEdges = (graph: GraphView): readonly GraphEdge[] =>
  routedKinds.flatMap((kind) => graph.edgesOfKind(kind));

/**
 * What is followed: wires only (`frames`), or routed ways too: from the wire into the networks behind the host
 * (`inwards`), or from those to the wire (`outwards`). Never there and back: two bridges that a network leaves by are
 * not joined by it.
 */
export type Over = "frames" | "inwards" | "outwards";

export interface Cuts {
  /** Nodes that pass nothing. */
  readonly nodes: ReadonlySet<string>;
  /** Edges that pass nothing. */
  readonly edges: ReadonlySet<string>;
}

/**
 * Everything that frames from `starts` can get to without passing a cut; with `over`, packets too. Frames go both
 * ways over an edge, but not through a guest or the wire's end. A start that is cut reaches nothing, not even itself.
 * O(nodes + edges).
 */
export function reachable(graph: GraphView, starts: Iterable<string>, cuts?: Cuts, over: Over = "frames"): Set<string> {
  const routed = over === "frames" ? none : routedFrom(graph, over);
  const seen = new Set<string>();
  const queue: string[] = [];
  const visit = (id: string): void => {
    if (seen.has(id) || cuts?.nodes.has(id) || !graph.shape(id)) return;
    seen.add(id);
    queue.push(id);
  };
  for (const id of starts) visit(id);
  const first = new Set(seen);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const node = graph.shape(id);
    if (!node || (!first.has(id) && (ends(node) || node.isWire))) continue;
    for (const edge of graph.towardsWire(id)) if (carries(edge) && !cuts?.edges.has(edge.id)) visit(edge.from);
    for (const edge of graph.towardsGuest(id)) if (carries(edge) && !cuts?.edges.has(edge.id)) visit(edge.to);
    for (const [edge, to] of routed.get(id) ?? []) if (!cuts?.edges.has(edge)) visit(to);
  }
  return seen;
}

type Routed = ReadonlyMap<string, readonly (readonly [edge: string, to: string])[]>;

const none: Routed = new Map();

/** Routed ways by the node at which they begin, the way that they are followed. */
function routedFrom(graph: GraphView, over: "inwards" | "outwards"): Routed {
  const from = new Map<string, [string, string][]>();
  for (const edge of routedEdges(graph)) {
    const [start, end] = over === "inwards" ? [edge.from, edge.to] : [edge.to, edge.from];
    from.set(start, [...(from.get(start) ?? []), [edge.id, end]]);
  }
  return from;
}
