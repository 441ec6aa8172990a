import type { GraphMemo, Keeping } from "@/lib/graph/memo";
import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind, NodeOf } from "@/lib/graph/model";
import { type Shape, shapeOf } from "@/lib/graph/shape";
import type { GraphView } from "@/lib/graph/view";
import type { ProbeId } from "@/lib/probes/registry";
import type { FactChange } from "./changes";

/** Something that can be read and can change: a node, the edges at one end of a node, all nodes of a kind, one entry of a fact. Knows who has read it. */
export class Dep {
  readonly readers = new Set<Reader>();
}

const fewDeps = 8;
/** Never pushed to: the first that is noted makes another list. */
const noDeps: Dep[] = [];

/** Readings of one reader after which what it no longer reads is forgotten. */
const renewals = 16;

/**
 * Somebody who came to a result by reading. What it read the times before stays noted for a while: that costs at most a reading too many, and is much cheaper than
 * to cross out and note the same things each time.
 */
export class Reader {
  #deps: Dep[] = noDeps;
  #readings = 0;

  note(dep: Dep): void {
    if (dep.readers.has(this)) return;
    dep.readers.add(this);
    // Most read a few things, and there are thousands of them: a list that is pushed to has room for seventeen at once.
    if (this.#deps.length < fewDeps) this.#deps = [...this.#deps, dep];
    else this.#deps.push(dep);
  }

  /** Before it reads anew. */
  begin(): void {
    if (++this.#readings % renewals === 0) this.forget();
  }

  /** Before it goes for good. */
  forget(): void {
    for (const dep of this.#deps) dep.readers.delete(this);
    this.#deps = noDeps;
  }
}

/** A value that many ask for, with what it was made from. It is a dependency as well: who used it has read it. */
class Kept extends Reader {
  readonly dep = new Dep();
  stale = true;
  value: unknown;

  constructor(
    readonly memo: GraphMemo<unknown>,
    readonly key: string,
  ) {
    super();
  }
}

/** What changed between two graphs: ids of nodes and edges that are new, gone or different; and of the facts behind them. */
export interface GraphChange {
  readonly before: Graph;
  readonly after: Graph;
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly changes: readonly FactChange[];
}

/** All dependencies of one host. */
export class Deps {
  /** Whoever walks over the whole graph. */
  readonly #all = new Dep();
  readonly #nodes = new Map<string, Dep>();
  readonly #shapes = new Map<string, Dep>();
  readonly #edges = new Map<string, Dep>();
  readonly #towardsWire = new Map<string, Dep>();
  readonly #towardsGuest = new Map<string, Dep>();
  readonly #kinds = new Map<NodeKind, Dep>();
  readonly #edgeKinds = new Map<EdgeKind, Dep>();
  readonly #lists = new Map<ProbeId, { readonly whole: Dep; readonly entries: Map<string, Dep> }>();
  readonly #kept = new Map<GraphMemo<unknown>, Map<string, Kept>>();

  /** One entry of a fact that is a list with a key. */
  entry(probe: ProbeId, name: string): Dep {
    return depIn(this.#list(probe).entries, name);
  }

  /** All entries of such a list. */
  entries(probe: ProbeId): Dep {
    return this.#list(probe).whole;
  }

  #list(probe: ProbeId) {
    let list = this.#lists.get(probe);
    if (!list) {
      list = { whole: new Dep(), entries: new Map() };
      this.#lists.set(probe, list);
    }
    return list;
  }

  /** A view of the graph that notes for `reader` what is read. */
  view(graph: GraphView, reader: Reader): GraphView {
    return new TrackingView(graph, this, reader);
  }

  /** Whoever read something that has changed. */
  readersOf(change: GraphChange, graph: GraphView): Set<Reader> {
    const dirty = new Set<Reader>();
    const add = (dep: Dep | undefined): void => {
      if (dep) for (const reader of dep.readers) dirty.add(reader);
    };
    if (change.nodes.length > 0 || change.edges.length > 0) add(this.#all);
    for (const id of change.nodes) {
      add(this.#nodes.get(id));
      const [was, is] = [change.before.nodes.get(id), change.after.nodes.get(id)];
      if (!was || !is || shapeOf(was) !== shapeOf(is)) add(this.#shapes.get(id));
      if (was) add(this.#kinds.get(was.kind));
      if (is && is.kind !== was?.kind) add(this.#kinds.get(is.kind));
    }
    for (const id of change.edges) {
      add(this.#edges.get(id));
      for (const edge of [change.before.edges.get(id), change.after.edges.get(id)]) {
        if (!edge) continue;
        add(this.#edgeKinds.get(edge.kind));
        add(this.#towardsGuest.get(edge.from));
        add(this.#towardsWire.get(edge.to));
      }
    }
    for (const { probe, names } of change.changes)
      for (const reader of this.readersOfEntries(probe, names)) dirty.add(reader);
    this.#renew(dirty, graph);
    return dirty;
  }

  /** Whoever read one of these entries of a list with a key, or all. `names` undefined: any may be another. */
  *readersOfEntries(probe: ProbeId, names: ReadonlySet<string> | undefined): Generator<Reader> {
    const list = this.#lists.get(probe);
    if (!list || names?.size === 0) return;
    yield* list.whole.readers;
    if (names) for (const name of names) yield* list.entries.get(name)?.readers ?? [];
    else for (const dep of list.entries.values()) yield* dep.readers;
  }

  keep<T>(memo: GraphMemo<T>, key: string, graph: GraphView): { readonly dep: Dep; readonly value: T } {
    let known = this.#kept.get(memo as GraphMemo<unknown>);
    if (!known) {
      known = new Map();
      this.#kept.set(memo as GraphMemo<unknown>, known);
    }
    let kept = known.get(key);
    if (!kept) {
      kept = new Kept(memo as GraphMemo<unknown>, key);
      known.set(key, kept);
    }
    if (kept.stale) this.#make(kept, graph);
    return { dep: kept.dep, value: kept.value as T };
  }

  /** Kept values whose ground has changed are made anew; who used one that came out different is dirty as well. */
  #renew(dirty: Set<Reader>, graph: GraphView): void {
    const stale: { readonly kept: Kept; readonly before: unknown }[] = [];
    // The set grows while it is walked over: values made from values are found, too.
    const reached = new Set(dirty);
    for (const reader of reached) {
      if (!(reader instanceof Kept)) continue;
      stale.push({ kept: reader, before: reader.value });
      reader.stale = true;
      for (const user of reader.dep.readers) reached.add(user);
    }
    for (const { kept, before } of stale) {
      dirty.delete(kept);
      if (kept.dep.readers.size === 0) {
        kept.forget();
        this.#kept.get(kept.memo)?.delete(kept.key);
        continue;
      }
      // What fails here fails again where it is asked for, in the evaluation that is to say so.
      if (kept.stale && !this.#canMake(kept, graph)) {
        for (const user of kept.dep.readers) dirty.add(user);
        continue;
      }
      if (!kept.memo.same(before, kept.value)) for (const user of kept.dep.readers) dirty.add(user);
    }
    for (const { kept } of stale) dirty.delete(kept);
  }

  #canMake(kept: Kept, graph: GraphView): boolean {
    try {
      this.#make(kept, graph);
      return true;
    } catch {
      // Stays stale: whoever asks for it gets the error.
      return false;
    }
  }

  #make(kept: Kept, graph: GraphView): void {
    kept.begin();
    kept.value = kept.memo.make(this.view(graph, kept), kept.key);
    kept.stale = false;
  }

  /** Deps that nobody reads any more; called now and then, so that what comes and goes leaves nothing behind. */
  sweep(): void {
    for (const map of [
      this.#nodes,
      this.#shapes,
      this.#edges,
      this.#towardsWire,
      this.#towardsGuest,
      ...[...this.#lists.values()].map(({ entries }) => entries),
    ] as Map<string, Dep>[])
      for (const [key, dep] of map) if (dep.readers.size === 0) map.delete(key);
  }

  node(id: string): Dep {
    return depIn(this.#nodes, id);
  }
  shape(id: string): Dep {
    return depIn(this.#shapes, id);
  }
  edge(id: string): Dep {
    return depIn(this.#edges, id);
  }
  towardsWire(id: string): Dep {
    return depIn(this.#towardsWire, id);
  }
  towardsGuest(id: string): Dep {
    return depIn(this.#towardsGuest, id);
  }
  kind(kind: NodeKind): Dep {
    return depIn(this.#kinds, kind);
  }
  edgeKind(kind: EdgeKind): Dep {
    return depIn(this.#edgeKinds, kind);
  }
  get all(): Dep {
    return this.#all;
  }
}

function depIn<K>(map: Map<K, Dep>, key: K): Dep {
  let dep = map.get(key);
  if (!dep) {
    dep = new Dep();
    map.set(key, dep);
  }
  return dep;
}

/** The graph as one reader sees it. Each reader has an object of its own, so that nothing that one keeps by it is taken for read by another. */
class TrackingView implements GraphView, Keeping {
  readonly #graph: GraphView;
  readonly #deps: Deps;
  readonly #reader: Reader;

  constructor(graph: GraphView, deps: Deps, reader: Reader) {
    this.#graph = graph;
    this.#deps = deps;
    this.#reader = reader;
  }

  get nodes(): ReadonlyMap<string, GraphNode> {
    this.#reader.note(this.#deps.all);
    return this.#graph.nodes;
  }

  get edges(): ReadonlyMap<string, GraphEdge> {
    this.#reader.note(this.#deps.all);
    return this.#graph.edges;
  }

  node(id: string): GraphNode | undefined {
    this.#reader.note(this.#deps.node(id));
    return this.#graph.node(id);
  }

  shape(id: string): Shape | undefined {
    this.#reader.note(this.#deps.shape(id));
    return this.#graph.shape(id);
  }

  edge(id: string): GraphEdge | undefined {
    this.#reader.note(this.#deps.edge(id));
    return this.#graph.edge(id);
  }

  ofKind<K extends NodeKind>(kind: K): readonly NodeOf<K>[] {
    this.#reader.note(this.#deps.kind(kind));
    return this.#graph.ofKind(kind);
  }

  edgesOfKind(kind: EdgeKind): readonly GraphEdge[] {
    this.#reader.note(this.#deps.edgeKind(kind));
    return this.#graph.edgesOfKind(kind);
  }

  towardsWire(id: string): readonly GraphEdge[] {
    this.#reader.note(this.#deps.towardsWire(id));
    return this.#graph.towardsWire(id);
  }

  towardsGuest(id: string): readonly GraphEdge[] {
    this.#reader.note(this.#deps.towardsGuest(id));
    return this.#graph.towardsGuest(id);
  }

  keep<T>(memo: GraphMemo<T>, key: string): T {
    const { dep, value } = this.#deps.keep(memo, key, this.#graph);
    this.#reader.note(dep);
    return value;
  }
}
