import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind } from "./model";

/** A graph with the indexes that checks, causes and paths ask for. Build once a graph, share between all readers. */
export interface GraphView extends Graph {
  node(id: string): GraphNode | undefined;
  edge(id: string): GraphEdge | undefined;
  ofKind(kind: NodeKind): readonly GraphNode[];
  edgesOfKind(kind: EdgeKind): readonly GraphEdge[];
  /** Edges whose `to` is this node: towards the wire. */
  towardsWire(id: string): readonly GraphEdge[];
  /** Edges whose `from` is this node: towards the guests. */
  towardsGuest(id: string): readonly GraphEdge[];
}

/** Indexes a graph. O(nodes + edges). */
export function viewOf(graph: Graph): GraphView {
  const kinds = new Map<NodeKind, GraphNode[]>();
  const edgesByKind = new Map<EdgeKind, GraphEdge[]>();
  const up = new Map<string, GraphEdge[]>();
  const down = new Map<string, GraphEdge[]>();
  const push = <K, V>(map: Map<K, V[]>, key: K, value: V) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const node of graph.nodes.values()) push(kinds, node.kind, node);
  for (const edge of graph.edges.values()) {
    push(edgesByKind, edge.kind, edge);
    push(up, edge.to, edge);
    push(down, edge.from, edge);
  }
  return {
    nodes: graph.nodes,
    edges: graph.edges,
    node: (id) => graph.nodes.get(id),
    edge: (id) => graph.edges.get(id),
    ofKind: (kind) => kinds.get(kind) ?? [],
    edgesOfKind: (kind) => edgesByKind.get(kind) ?? [],
    towardsWire: (id) => up.get(id) ?? [],
    towardsGuest: (id) => down.get(id) ?? [],
  };
}
