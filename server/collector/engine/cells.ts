import type { GraphMemo, Keeping } from "@/lib/graph/memo";
import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind } from "@/lib/graph/model";
import { type Shape, shapeOf } from "@/lib/graph/shape";
import type { GraphView } from "@/lib/graph/view";

/** Something that can be read and can change: a node, the edges at one end of a node, all nodes of a kind, one entry of a fact. Knows who has read it. */
export class Cell {
  readonly readers = new Set<Reader>();
}

/** Readings of one reader after which what it no longer reads is forgotten. */
const renewals = 16;

/**
 * Somebody who came to a result by reading. What it read the times before stays noted for a while: that costs at most a reading too many, and is much cheaper than
 * to cross out and note the same things each time.
 */
export class Reader {
  #cells: Cell[] = [];
  #readings = 0;

  note(cell: Cell): void {
    if (cell.readers.has(this)) return;
    cell.readers.add(this);
    this.#cells.push(cell);
  }

  /** Before it reads anew. */
  begin(): void {
    if (++this.#readings % renewals === 0) this.forget();
  }

  /** Before it goes for good. */
  forget(): void {
    for (const cell of this.#cells) cell.readers.delete(this);
    this.#cells = [];
  }
}

/** A value that many ask for, with what it was made from. It is a cell as well: who used it has read it. */
class Kept extends Reader {
  readonly cell = new Cell();
  stale = true;
  value: unknown;

  constructor(
    readonly memo: GraphMemo<unknown>,
    readonly key: string,
  ) {
    super();
  }
}

/** What changed between two graphs: ids of nodes and edges that are new, gone or different. */
export interface GraphChange {
  readonly before: Graph;
  readonly after: Graph;
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/** All cells of one host. */
export class Cells {
  /** Whoever walks over the whole graph. */
  readonly #all = new Cell();
  readonly #nodes = new Map<string, Cell>();
  readonly #shapes = new Map<string, Cell>();
  readonly #edges = new Map<string, Cell>();
  readonly #towardsWire = new Map<string, Cell>();
  readonly #towardsGuest = new Map<string, Cell>();
  readonly #kinds = new Map<NodeKind, Cell>();
  readonly #edgeKinds = new Map<EdgeKind, Cell>();
  readonly #entries = new Map<string, Cell>();
  /** Whoever reads all entries. */
  readonly entries = new Cell();
  readonly #kept = new Map<GraphMemo<unknown>, Map<string, Kept>>();

  entry(name: string): Cell {
    return cellIn(this.#entries, name);
  }

  /** A view of the graph that notes for `reader` what is read. */
  view(graph: GraphView, reader: Reader): GraphView {
    return new NotingView(graph, this, reader);
  }

  /** Whoever read something that has changed. `entries`: names of entries that differ; undefined: any may. */
  readersOf(change: GraphChange, entries: ReadonlySet<string> | undefined, graph: GraphView): Set<Reader> {
    const dirty = new Set<Reader>();
    const add = (cell: Cell | undefined): void => {
      if (cell) for (const reader of cell.readers) dirty.add(reader);
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
    for (const reader of this.readersOfEntries(entries)) dirty.add(reader);
    this.#renew(dirty, graph);
    return dirty;
  }

  /** Whoever read one of these entries, or all. */
  *readersOfEntries(names: ReadonlySet<string> | undefined): Generator<Reader> {
    if (names?.size === 0) return;
    yield* this.entries.readers;
    if (names) for (const name of names) yield* this.#entries.get(name)?.readers ?? [];
    else for (const cell of this.#entries.values()) yield* cell.readers;
  }

  keep<T>(memo: GraphMemo<T>, key: string, graph: GraphView): { readonly cell: Cell; readonly value: T } {
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
    return { cell: kept.cell, value: kept.value as T };
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
      for (const user of reader.cell.readers) reached.add(user);
    }
    for (const { kept, before } of stale) {
      dirty.delete(kept);
      if (kept.cell.readers.size === 0) {
        kept.forget();
        this.#kept.get(kept.memo)?.delete(kept.key);
        continue;
      }
      // What fails here fails again where it is asked for, in the evaluation that is to say so.
      if (kept.stale && !this.#canMake(kept, graph)) {
        for (const user of kept.cell.readers) dirty.add(user);
        continue;
      }
      if (!kept.memo.same(before, kept.value)) for (const user of kept.cell.readers) dirty.add(user);
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

  /** Cells that nobody reads any more; called now and then, so that what comes and goes leaves nothing behind. */
  sweep(): void {
    for (const map of [
      this.#nodes,
      this.#shapes,
      this.#edges,
      this.#towardsWire,
      this.#towardsGuest,
      this.#entries,
    ] as Map<string, Cell>[])
      for (const [key, cell] of map) if (cell.readers.size === 0) map.delete(key);
  }

  node(id: string): Cell {
    return cellIn(this.#nodes, id);
  }
  shape(id: string): Cell {
    return cellIn(this.#shapes, id);
  }
  edge(id: string): Cell {
    return cellIn(this.#edges, id);
  }
  towardsWire(id: string): Cell {
    return cellIn(this.#towardsWire, id);
  }
  towardsGuest(id: string): Cell {
    return cellIn(this.#towardsGuest, id);
  }
  kind(kind: NodeKind): Cell {
    return cellIn(this.#kinds, kind);
  }
  edgeKind(kind: EdgeKind): Cell {
    return cellIn(this.#edgeKinds, kind);
  }
  get all(): Cell {
    return this.#all;
  }
}

function cellIn<K>(map: Map<K, Cell>, key: K): Cell {
  let cell = map.get(key);
  if (!cell) {
    cell = new Cell();
    map.set(key, cell);
  }
  return cell;
}

/** The graph as one reader sees it. Each reader has an object of its own, so that nothing that one keeps by it is taken for read by another. */
class NotingView implements GraphView, Keeping {
  readonly #graph: GraphView;
  readonly #cells: Cells;
  readonly #reader: Reader;

  constructor(graph: GraphView, cells: Cells, reader: Reader) {
    this.#graph = graph;
    this.#cells = cells;
    this.#reader = reader;
  }

  get nodes(): ReadonlyMap<string, GraphNode> {
    this.#reader.note(this.#cells.all);
    return this.#graph.nodes;
  }

  get edges(): ReadonlyMap<string, GraphEdge> {
    this.#reader.note(this.#cells.all);
    return this.#graph.edges;
  }

  node(id: string): GraphNode | undefined {
    this.#reader.note(this.#cells.node(id));
    return this.#graph.node(id);
  }

  shape(id: string): Shape | undefined {
    this.#reader.note(this.#cells.shape(id));
    return this.#graph.shape(id);
  }

  edge(id: string): GraphEdge | undefined {
    this.#reader.note(this.#cells.edge(id));
    return this.#graph.edge(id);
  }

  ofKind(kind: NodeKind): readonly GraphNode[] {
    this.#reader.note(this.#cells.kind(kind));
    return this.#graph.ofKind(kind);
  }

  edgesOfKind(kind: EdgeKind): readonly GraphEdge[] {
    this.#reader.note(this.#cells.edgeKind(kind));
    return this.#graph.edgesOfKind(kind);
  }

  towardsWire(id: string): readonly GraphEdge[] {
    this.#reader.note(this.#cells.towardsWire(id));
    return this.#graph.towardsWire(id);
  }

  towardsGuest(id: string): readonly GraphEdge[] {
    this.#reader.note(this.#cells.towardsGuest(id));
    return this.#graph.towardsGuest(id);
  }

  keep<T>(memo: GraphMemo<T>, key: string): T {
    const { cell, value } = this.#cells.keep(memo, key, this.#graph);
    this.#reader.note(cell);
    return value;
  }
}
