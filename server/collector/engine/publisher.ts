import type { Assessment } from "@/lib/causes/assess";
import type { BareFinding } from "@/lib/checks/evaluate";
import type { Finding } from "@/lib/checks/finding";
import { byKey, type Part } from "@/lib/diff/keyed";
import { sameJson } from "@/lib/facts/equal";
import type { Graph, Status } from "@/lib/graph/model";
import type { HostSnapshot, ViewEdge, ViewNode } from "@/lib/wire/model";

/** What browsers are shown of a host, by key. Objects of what did not change are the same from one time to the next. */
export interface Shown {
  readonly nodes: ReadonlyMap<string, ViewNode>;
  readonly edges: ReadonlyMap<string, ViewEdge>;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly passed: ReadonlyMap<string, HostSnapshot["passed"][number]>;
}

/** What the next delta is made from, and which of it can look different from before. */
export interface Inputs {
  readonly graph: Graph;
  readonly assessment: Assessment;
  readonly findings: ReadonlyMap<string, BareFinding>;
  readonly since: (finding: BareFinding) => number;
  readonly passes: ReadonlyMap<string, ReadonlySet<string>>;
  readonly stale: boolean;
  /** Ids of nodes and edges, keys of findings, and subjects on which other checks pass, that are new, different or gone since the last time. */
  readonly changed: {
    readonly items: Iterable<string>;
    readonly findings: Iterable<string>;
    readonly passed: Iterable<string>;
  };
}

/** What turns the state shown last into the next: the parts of a delta. */
export interface DeltaParts {
  readonly nodes?: Part<ViewNode>;
  readonly edges?: Part<ViewEdge>;
  readonly findings?: Part<Finding>;
  readonly passed?: Part<HostSnapshot["passed"][number]>;
}

/** Keeps what is shown; brings it up to date and says what that changed. */
export class Publisher {
  readonly #nodes = new Map<string, ViewNode>();
  readonly #edges = new Map<string, ViewEdge>();
  readonly #findings = new Map<string, Finding>();
  readonly #passed = new Map<string, HostSnapshot["passed"][number]>();
  readonly shown: Shown = {
    nodes: this.#nodes,
    edges: this.#edges,
    findings: this.#findings,
    passed: this.#passed,
  };
  #assessment: Assessment = { explained: new Map(), status: new Map() };
  #stale = false;

  publish(inputs: Inputs): DeltaParts {
    const { graph, assessment, stale } = inputs;
    const statusOf = (id: string): Status => (stale ? "stale" : (assessment.status.get(id) ?? "ok"));
    const items =
      stale === this.#stale
        ? new Set([...inputs.changed.items, ...differing(this.#assessment.status, assessment.status)])
        : new Set([...graph.nodes.keys(), ...graph.edges.keys(), ...inputs.changed.items]);
    const nodes = new PartMaker(this.#nodes);
    const edges = new PartMaker(this.#edges);
    for (const id of items) {
      const node = graph.nodes.get(id);
      nodes.set(id, node && { ...node, status: statusOf(id) });
      const edge = graph.edges.get(id);
      edges.set(id, edge && { ...edge, status: statusOf(id) });
    }
    const findings = new PartMaker(this.#findings);
    for (const key of new Set([
      ...inputs.changed.findings,
      ...differing(this.#assessment.explained, assessment.explained, sameJson),
    ])) {
      const finding = inputs.findings.get(key);
      findings.set(key, finding && published(finding, inputs));
    }
    const passed = new PartMaker(this.#passed);
    for (const subject of new Set(inputs.changed.passed)) {
      const checks = inputs.passes.get(subject);
      passed.set(subject, checks && { subject, checks: [...checks].sort() });
    }
    this.#assessment = assessment;
    this.#stale = stale;
    return {
      ...named("nodes", nodes.part()),
      ...named("edges", edges.part()),
      ...named("findings", findings.part()),
      ...named("passed", passed.part()),
    };
  }
}

function published(finding: BareFinding, { assessment, since }: Inputs): Finding {
  const explained = assessment.explained.get(finding.key);
  return {
    ...finding,
    since: since(finding),
    ...(explained?.cause === undefined ? {} : { cause: explained.cause }),
    impacts: [...(explained?.impacts ?? [])],
  };
}

/** Writes to one keyed collection and keeps what was different from before. */
class PartMaker<T> {
  readonly #put: [string, T][] = [];
  readonly #drop: string[] = [];

  constructor(readonly items: Map<string, T>) {}

  set(key: string, item: T | undefined): void {
    if (item === undefined) {
      if (this.items.delete(key)) this.#drop.push(key);
      return;
    }
    const before = this.items.get(key);
    if (before !== undefined && sameJson(before, item)) return;
    this.items.set(key, item);
    this.#put.push([key, item]);
  }

  part(): Part<T> | undefined {
    if (this.#put.length === 0 && this.#drop.length === 0) return undefined;
    return { put: this.#put.sort(([a], [b]) => byKey(a, b)).map(([, item]) => item), drop: this.#drop.sort(byKey) };
  }
}

/** `{name: part}`, or nothing where there is none. */
export function named<K extends string, T>(name: K, part: Part<T> | undefined): { [P in K]?: Part<T> } {
  return (part ? { [name]: part } : {}) as { [P in K]?: Part<T> };
}

/** Keys whose value is not the same in both. */
function* differing<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  same: (a: T | undefined, b: T) => boolean = Object.is,
): Generator<string> {
  if (before === after) return;
  for (const [key, value] of after) if (!same(before.get(key), value)) yield key;
  for (const key of before.keys()) if (!after.has(key)) yield key;
}

/** The new graph with the old one's objects wherever they are equal: "same object" then means "unchanged" for everyone behind. */
export function shareUnchanged(before: Graph, after: Graph): Graph {
  return { nodes: shared(before.nodes, after.nodes), edges: shared(before.edges, after.edges) };
}

function shared<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const [id, item] of after) {
    const old = before.get(id);
    map.set(id, old !== undefined && sameJson(old, item) ? old : item);
  }
  return map;
}
