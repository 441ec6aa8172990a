import type { GraphEdge, GraphNode, Json } from "@/lib/graph/model";
import type { GraphView } from "@/lib/graph/view";

/** Fields by which an entry of a list is called; the first that it has names it in a path: `ip-link[nic0].mtu`. */
const naming = ["ifname", "name", "id", "dev", "key"] as const;
/** What every node and edge has and no check can learn anything from. */
const identity: ReadonlySet<string> = new Set(["id", "host", "kind", "name"]);

/** Notes which values of plain data are read, and under which path, by whoever is given a wrapped copy of it. */
export class Recorder {
  readonly #values = new Map<string, Json>();
  /** One wrapper for each object: what is the same object must stay the same for code that compares. */
  readonly #wrapped = new WeakMap<object, object>();

  /** What was read, in the order in which it first was. A field that is not there reads as null. */
  get values(): readonly { readonly path: string; readonly value: Json }[] {
    return [...this.#values].map(([path, value]) => ({ path, value }));
  }

  note(path: string, value: Json): void {
    if (!this.#values.has(path)) this.#values.set(path, value);
  }

  /** The value, reading as before, with every read of it noted below `path`. `silent`: fields whose reading is not worth a note. */
  wrap<T>(value: T, path: string, silent: ReadonlySet<string> = new Set()): T {
    if (typeof value !== "object" || value === null) return value;
    const known = this.#wrapped.get(value);
    if (known) return known as T;
    const made = new Proxy(value, {
      get: (target, field) => {
        const found: unknown = Reflect.get(target, field);
        if (typeof field === "symbol" || typeof found === "function" || silent.has(field)) return found;
        if (Array.isArray(target)) return /^\d+$/.test(field) ? this.#entry(found, path, field) : found;
        const below = `${path}.${field}`;
        if (typeof found === "object" && found !== null && !isPlainList(found)) return this.wrap(found, below);
        this.note(below, (found ?? null) as Json);
        return found;
      },
    });
    this.#wrapped.set(value, made);
    return made as T;
  }

  /** An entry of a list goes by its name, and that its name was looked at goes without saying: `find` looks at all of them. */
  #entry(entry: unknown, path: string, at: string): unknown {
    if (typeof entry !== "object" || entry === null) {
      this.note(`${path}[${at}]`, (entry ?? null) as Json);
      return entry;
    }
    const named = entry as Readonly<Record<string, unknown>>;
    const by = naming.find((field) => typeof named[field] === "string");
    return this.wrap(entry, `${path}[${by === undefined ? at : named[by]}]`, new Set(by === undefined ? [] : [by]));
  }
}

/** A list of plain values is read as a whole. */
const isPlainList = (value: object): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry !== "object" || entry === null);

/** The same graph; `recorder` notes what is read of its nodes and edges, by their ids without the host. */
export function recordingView(view: GraphView, recorder: Recorder): GraphView {
  const short = (item: GraphNode | GraphEdge) => item.id.slice(item.host.length + 1);
  const one = <T extends GraphNode | GraphEdge>(item: T): T => recorder.wrap(item, short(item), identity);
  const list = <T extends GraphNode | GraphEdge>(items: readonly T[]): readonly T[] => items.map(one);
  const maybe = <T extends GraphNode | GraphEdge>(item: T | undefined): T | undefined => item && one(item);
  const all = <T extends GraphNode | GraphEdge>(items: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map([...items].map(([id, item]) => [id, one(item)]));
  return {
    get nodes() {
      return all(view.nodes);
    },
    get edges() {
      return all(view.edges);
    },
    node: (id) => maybe(view.node(id)),
    shape: (id) => view.shape(id),
    edge: (id) => maybe(view.edge(id)),
    ofKind: (kind) => list(view.ofKind(kind)),
    edgesOfKind: (kind) => list(view.edgesOfKind(kind)),
    towardsWire: (id) => list(view.towardsWire(id)),
    towardsGuest: (id) => list(view.towardsGuest(id)),
  };
}
