import { edgeKind } from "./kinds";
import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind, NodeOf } from "./model";
import { type Shape, shapeOf } from "./shape";

/** A graph with the indexes that checks, causes and paths ask for. Build once a graph, share between all readers. */
export interface GraphView extends Graph {
  node(id: string): GraphNode | undefined;
  /**
   * Kind of the node and whether it is a wire, for whoever only follows ways: its other values are not read. Equal
   * shapes are one object.
   */
  shape(id: string): Shape | undefined;
  edge(id: string): GraphEdge | undefined;
  ofKind<K extends NodeKind>(kind: K): readonly NodeOf<K>[];
  edgesOfKind(kind: EdgeKind): readonly GraphEdge[];
  /**
   * Edges whose `to` is this node: towards the wire. Routed ways are none of them, for no frame goes there: see
   * `routedEdges`.
   */
  towardsWire(id: string): readonly GraphEdge[];
  /** Edges whose `from` is this node: towards the guests. Without routed ways, as above. */
  towardsGuest(id: string): readonly GraphEdge[];
}

interface Indexes {
  readonly kinds: ReadonlyMap<NodeKind, readonly GraphNode[]>;
  readonly edgesByKind: ReadonlyMap<EdgeKind, readonly GraphEdge[]>;
  readonly up: ReadonlyMap<string, readonly GraphEdge[]>;
  readonly down: ReadonlyMap<string, readonly GraphEdge[]>;
}

/** Indexes of a view, for the next one that shares most of them. */
const indexesOf = new WeakMap<GraphView, Indexes>();

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
    if (edgeKind[edge.kind].isRouted) continue;
    push(up, edge.to, edge);
    push(down, edge.from, edge);
  }
  return indexed(graph, { kinds, edgesByKind, up, down });
}

/**
 * The same graph with these nodes in the place of those of the same id and kind. Throws where there is no such node.
 */
export function withNodes(view: GraphView, put: ReadonlyMap<string, GraphNode>): GraphView {
  const indexes = indexesOf.get(view);
  if (!indexes) return viewOf({ nodes: new Map([...view.nodes, ...put]), edges: view.edges });
  const nodes = new Map(view.nodes);
  const kinds = new Map(indexes.kinds);
  for (const [id, node] of put) {
    if (nodes.get(id)?.kind !== node.kind) throw new Error(`no ${node.kind} ${JSON.stringify(id)} to be replaced`);
    nodes.set(id, node);
  }
  for (const kind of new Set([...put.values()].map((node) => node.kind)))
    kinds.set(
      kind,
      (indexes.kinds.get(kind) ?? []).map((node) => put.get(node.id) ?? node),
    );
  return indexed({ nodes, edges: view.edges }, { ...indexes, kinds });
}

function indexed({ nodes, edges }: Graph, indexes: Indexes): GraphView {
  const { kinds, edgesByKind, up, down } = indexes;
  const view: GraphView = {
    nodes,
    edges,
    node: (id) => nodes.get(id),
    shape: (id) => {
      const node = nodes.get(id);
      return node && shapeOf(node);
    },
    edge: (id) => edges.get(id),
    ofKind: <K extends NodeKind>(kind: K) => (kinds.get(kind) ?? []) as readonly NodeOf<K>[],
    edgesOfKind: (kind) => edgesByKind.get(kind) ?? [],
    towardsWire: (id) => up.get(id) ?? [],
    towardsGuest: (id) => down.get(id) ?? [],
  };
  indexesOf.set(view, indexes);
  return view;
}
