import type { Facts } from "../facts/facts";
import { Unread } from "../facts/read";
import { escapeName, IdentityBook } from "./identity";
import type { NodeAttributes, NodeKind } from "./kinds";
import { edgeId, type Graph, type GraphEdge, type GraphNode, type NodeOf } from "./model";
import type { GraphBuilder, HostMemory, Pass } from "./pass";
import { strongKeys } from "./strong-keys";

export interface BuiltGraph {
  readonly graph: Graph;
  /** To be given to the next build of this host. */
  readonly memory: HostMemory;
  /** Which pass made a node or edge, by its id. */
  readonly madeBy: ReadonlyMap<string, string>;
  /** Passes that could not run and the probe that they missed, by pass id. */
  readonly unread: ReadonlyMap<string, string>;
  /** Passes that failed on what they read: a defect of ours, to be shown, never swallowed. What they had added before stays. */
  readonly failed: ReadonlyMap<string, string>;
}

/** Runs the passes over the facts of one host. Pure: same facts, memory and passes give the same graph. Throws only where the passes' `after` has a cycle or names nobody. */
export function buildGraph(host: string, facts: Facts, memory: HostMemory, passes: readonly Pass[]): BuiltGraph {
  const builder = new Builder(host, facts, memory);
  const unread = new Map<string, string>();
  const failed = new Map<string, string>();
  for (const pass of inOrder(passes)) {
    builder.pass = pass.id;
    // Asked first: an exception with its stack for each of them at every build would cost more than the build.
    const missing = pass.needs.find((probe) => facts[probe] === undefined);
    if (missing !== undefined) {
      unread.set(pass.id, missing);
      continue;
    }
    try {
      pass.run(builder);
    } catch (error) {
      if (error instanceof Unread) unread.set(pass.id, error.probe);
      else failed.set(pass.id, error instanceof Error ? error.message : String(error));
    }
  }
  builder.memory.identity = builder.identity.dump();
  return {
    graph: { nodes: builder.nodes, edges: builder.edges },
    memory: builder.memory,
    madeBy: builder.madeBy,
    unread,
    failed,
  };
}

const orders = new WeakMap<readonly Pass[], readonly Pass[]>();

/** Passes so that each comes after those it builds upon; by id where nothing else decides. */
export function inOrder(passes: readonly Pass[]): readonly Pass[] {
  const done = orders.get(passes);
  if (done) return done;
  const byId = new Map([...passes].sort((a, b) => (a.id < b.id ? -1 : 1)).map((pass) => [pass.id, pass]));
  const order: Pass[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (pass: Pass): void => {
    if (state.get(pass.id) === "done") return;
    if (state.get(pass.id) === "open") throw new Error(`graph pass ${pass.id} comes after itself`);
    state.set(pass.id, "open");
    for (const id of pass.after) {
      const before = byId.get(id);
      if (!before) throw new Error(`graph pass ${pass.id} comes after ${id}, which does not exist`);
      visit(before);
    }
    state.set(pass.id, "done");
    order.push(pass);
  };
  for (const pass of byId.values()) visit(pass);
  orders.set(passes, order);
  return order;
}

type NodeSpec = Parameters<GraphBuilder["addNode"]>[0];
type EdgeSpec = Parameters<GraphBuilder["addEdge"]>[0];

class Builder implements GraphBuilder {
  readonly nodes = new Map<string, GraphNode>();
  readonly edges = new Map<string, GraphEdge>();
  readonly madeBy = new Map<string, string>();
  readonly memory: HostMemory;
  readonly identity: IdentityBook;
  pass = "";
  readonly graph: Graph = { nodes: this.nodes, edges: this.edges };
  readonly #byIfindex = new Map<string, string>();
  readonly #byName = new Map<string, string>();

  constructor(
    readonly host: string,
    readonly facts: Facts,
    memory: HostMemory,
  ) {
    this.memory = { ...memory };
    this.identity = new IdentityBook(memory.identity, strongKeys(facts));
  }

  addNode(spec: NodeSpec): string {
    const prefix = `${this.host}/${spec.kind}/`;
    const id = this.identity.claim(prefix, spec.path ?? escapeName(spec.name), spec.keys);
    this.nodes.set(id, {
      id,
      host: this.host,
      kind: spec.kind,
      name: spec.name,
      attributes: spec.attributes,
      ...(spec.remembered ? { remembered: true } : {}),
    });
    this.madeBy.set(id, this.pass);
    const netns = spec.netns ?? "";
    if (spec.ifindex !== undefined) {
      this.#byIfindex.set(`${netns}/${spec.ifindex}`, id);
      this.#byName.set(`${netns}/${spec.name}`, id);
    }
    return id;
  }

  addEdge(spec: EdgeSpec): GraphEdge {
    for (const end of [spec.from, spec.to])
      if (!this.nodes.has(end)) throw new Error(`edge ${spec.kind}: no node ${JSON.stringify(end)}`);
    const id = edgeId(spec.kind, spec.from, spec.to);
    const before = this.edges.get(id);
    // What the kernel says outweighs what a configuration expects.
    if (before?.present && spec.present === false) return before;
    const edge: GraphEdge = {
      id,
      host: this.host,
      kind: spec.kind,
      from: spec.from,
      to: spec.to,
      present: spec.present ?? true,
      ...(spec.remembered ? { remembered: true } : {}),
      ...(spec.attributes ? { attributes: spec.attributes } : {}),
    };
    this.edges.set(id, edge);
    this.madeBy.set(id, this.pass);
    return edge;
  }

  annotate(id: string, attributes: NodeAttributes): void {
    const node = this.nodes.get(id);
    if (!node) throw new Error(`annotate: no node ${JSON.stringify(id)}`);
    if (Object.keys(attributes).length > 0)
      this.nodes.set(id, { ...node, attributes: { ...node.attributes, ...attributes } });
  }

  byIfindex(ifindex: number, netns = ""): GraphNode | undefined {
    return this.node(this.#byIfindex.get(`${netns}/${ifindex}`) ?? "");
  }

  byName(name: string, netns = ""): GraphNode | undefined {
    return this.node(this.#byName.get(`${netns}/${name}`) ?? "");
  }

  ofKind<K extends NodeKind>(kind: K): readonly NodeOf<K>[] {
    return [...this.nodes.values()].filter((node) => node.kind === kind) as unknown as readonly NodeOf<K>[];
  }

  node(id: string): GraphNode | undefined {
    return this.nodes.get(id);
  }
}
