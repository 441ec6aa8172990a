import type { GraphView } from "@/lib/graph/view";
import type { ProbeId } from "@/lib/probes/registry";
import type { FactChange } from "./changes";
import type { GraphChange } from "./deps";

/** What differs between two graphs and the facts behind them. */
export class Touched implements GraphChange {
  readonly before: GraphView;
  readonly after: GraphView;
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly graphChanged: boolean;
  /** Nodes and edges that are not there any more. */
  readonly gone: readonly string[];
  /** Something came or went. */
  readonly moved: boolean;
  readonly changes: readonly FactChange[];
  readonly #changes = new Map<ProbeId, FactChange>();
  #ids: Set<string> | undefined;

  /** `changed`: ids of the nodes that differ, where that is known already and no edge differs. */
  constructor(before: GraphView, after: GraphView, changes: readonly FactChange[], changed?: readonly string[]) {
    this.before = before;
    this.after = after;
    this.changes = changes;
    for (const change of changes) this.#changes.set(change.probe, change);
    this.nodes = changed ?? (before === after ? [] : differing(before.nodes, after.nodes));
    this.edges = changed || before === after ? [] : differing(before.edges, after.edges);
    this.graphChanged = this.nodes.length > 0 || this.edges.length > 0;
    this.gone = [
      ...this.nodes.filter((id) => !after.nodes.has(id)),
      ...this.edges.filter((id) => !after.edges.has(id)),
    ];
    this.moved =
      this.gone.length > 0 ||
      this.nodes.some((id) => !before.nodes.has(id)) ||
      this.edges.some((id) => !before.edges.has(id));
  }

  /** This node or edge is new or different. */
  has(id: string): boolean {
    this.#ids ??= new Set([...this.nodes, ...this.edges]);
    return this.#ids.has(id);
  }

  /** A fact of this probe changed. */
  fact(probe: ProbeId): boolean {
    return this.#changes.has(probe);
  }

  /** Whether this probe can be read, or why it cannot, changed. */
  status(probe: ProbeId): boolean {
    return this.#changes.get(probe)?.status === true;
  }
}

/**
 * Ids whose item is not the same object in both: graphs share the objects of what did not change. All of them where what is in both comes in another order, for lists of evidence
 * and of edges are told in the order of the graph.
 */
function differing<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): string[] {
  if (isReordered(before, after)) return [...new Set([...after.keys(), ...before.keys()])];
  const ids: string[] = [];
  for (const [id, item] of after) if (before.get(id) !== item) ids.push(id);
  for (const id of before.keys()) if (!after.has(id)) ids.push(id);
  return ids;
}

function isReordered(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): boolean {
  const old = before.keys();
  for (const id of after.keys()) {
    if (!before.has(id)) continue;
    let next = old.next();
    while (!next.done && !after.has(next.value)) next = old.next();
    if (next.value !== id) return true;
  }
  return false;
}
