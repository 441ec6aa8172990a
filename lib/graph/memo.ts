import type { GraphView } from "./view";

/** A view that keeps such values itself, over graphs that do not differ in what they were made from. */
export interface Keeping {
  keep<T>(memo: GraphMemo<T>, key: string): T;
}

export interface GraphMemo<T> {
  make(graph: GraphView, key: string): T;
  same(a: T, b: T): boolean;
}

/**
 * Something that is worked out from the graph once and asked for by many: by key (a node's id), or once a graph with no key. A check must not keep such things by the
 * graph's object itself: each verdict has a view of its own, that notes what it reads.
 */
export function graphMemo<T>(
  make: (graph: GraphView, key: string) => T,
  same: (a: T, b: T) => boolean = Object.is,
): (graph: GraphView, key?: string) => T {
  const memo: GraphMemo<T> = { make, same };
  const plain = new WeakMap<GraphView, Map<string, T>>();
  return (graph, key = "") => {
    if (isKeeping(graph)) return graph.keep(memo, key);
    let known = plain.get(graph);
    if (!known) {
      known = new Map();
      plain.set(graph, known);
    }
    if (!known.has(key)) known.set(key, make(graph, key));
    return known.get(key) as T;
  };
}

const isKeeping = (graph: object): graph is Keeping => "keep" in graph;
