import type { SubjectKind } from "@/lib/checks/define";
import type { GraphEdge, GraphNode } from "@/lib/graph/model";
import type { GraphView } from "@/lib/graph/view";
import type { ProbeId } from "@/lib/probes/registry";
import type { FactChange } from "./changes";

/** What differs between two graphs and the facts behind them, asked for by checks: "who of my subjects has to be judged again?" */
export class Touched {
  readonly graphChanged: boolean;
  readonly #graph: GraphView;
  readonly #changes = new Map<ProbeId, FactChange>();
  /** Nodes and edges that are new or different. */
  readonly #changed = new Set<string>();
  /** Those, and whatever is one edge away from them or was before. */
  readonly #near = new Set<string>();
  /** Nodes that a name in a fact can mean; built only when a fact changed. */
  #named: Map<string, string[]> | undefined;

  constructor(before: GraphView, after: GraphView, changes: readonly FactChange[]) {
    this.#graph = after;
    for (const change of changes) this.#changes.set(change.probe, change);
    const nodes = differing(before.nodes, after.nodes);
    const edges = differing(before.edges, after.edges);
    this.graphChanged = nodes.length > 0 || edges.length > 0;
    for (const id of nodes) {
      this.#changed.add(id);
      this.#near.add(id);
      this.#around(before, id, this.#near);
      this.#around(after, id, this.#near);
    }
    for (const id of edges) {
      this.#changed.add(id);
      this.#near.add(id);
      for (const view of [before, after]) {
        const edge = view.edge(id);
        if (!edge) continue;
        this.#near.add(edge.from).add(edge.to);
      }
    }
  }

  /** A fact of this probe changed in a way that names nothing: whoever needs it has to be judged again. */
  everything(probe: ProbeId): boolean {
    const change = this.#changes.get(probe);
    return change !== undefined && change.names === undefined;
  }

  /** Subjects of these kinds that changed themselves, or that changed entries of these probes name; with `near`, those one edge away as well. */
  subjects(probes: readonly ProbeId[], near: boolean, kinds: readonly SubjectKind[]): (GraphNode | GraphEdge)[] {
    if (!this.graphChanged && probes.length === 0) return [];
    const ids = new Set(near ? this.#near : this.#changed);
    for (const probe of probes)
      for (const name of this.#changes.get(probe)?.names ?? [])
        for (const id of this.#nodesNamed(name)) {
          ids.add(id);
          // An edge is judged by its ends.
          for (const edge of this.#edgesOf(this.#graph, id)) ids.add(edge.id);
          if (near) this.#around(this.#graph, id, ids);
        }
    // An edge looks at its ends, and with `near` at theirs.
    for (const id of [...ids]) for (const edge of this.#edgesOf(this.#graph, id)) ids.add(edge.id);
    const found: (GraphNode | GraphEdge)[] = [];
    for (const id of ids) {
      const node = this.#graph.node(id);
      if (node && kinds.includes(node.kind)) found.push(node);
      const edge = this.#graph.edge(id);
      if (edge && kinds.includes(`edge:${edge.kind}`)) found.push(edge);
    }
    return found;
  }

  #edgesOf(view: GraphView, id: string): GraphEdge[] {
    return [...view.towardsWire(id), ...view.towardsGuest(id)];
  }

  #around(view: GraphView, id: string, into: Set<string>): void {
    for (const edge of this.#edgesOf(view, id)) into.add(edge.id).add(edge.from).add(edge.to);
  }

  #nodesNamed(name: string): readonly string[] {
    if (!this.#named) {
      this.#named = new Map();
      for (const node of this.#graph.nodes.values())
        for (const key of [
          node.name,
          node.attributes.vm,
          node.attributes.uuid,
          node.attributes.netns,
          node.attributes.ifindex,
        ]) {
          if (typeof key !== "string" && typeof key !== "number") continue;
          const list = this.#named.get(String(key));
          if (list) list.push(node.id);
          else this.#named.set(String(key), [node.id]);
        }
    }
    return this.#named.get(name) ?? [];
  }
}

/** Ids whose item is not the same object in both: graphs share the objects of what did not change. */
function differing<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): string[] {
  const ids: string[] = [];
  for (const [id, item] of after) if (before.get(id) !== item) ids.push(id);
  for (const id of before.keys()) if (!after.has(id)) ids.push(id);
  return ids;
}
