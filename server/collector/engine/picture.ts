import type { Assessment } from "@/lib/causes/assess";
import type { BareFinding } from "@/lib/checks/evaluate";
import type { Finding } from "@/lib/checks/finding";
import { sameJson } from "@/lib/facts/equal";
import type { Graph, Status } from "@/lib/graph/model";
import type { HostSnapshot, ViewEdge, ViewNode } from "@/lib/wire/model";

/** What browsers are shown of a host, by key. Objects of what did not change are the same from picture to picture. */
export interface Picture {
  readonly nodes: ReadonlyMap<string, ViewNode>;
  readonly edges: ReadonlyMap<string, ViewEdge>;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly passed: ReadonlyMap<string, HostSnapshot["passed"][number]>;
}

/** Builds the next picture; keeps what the last one was made from, to share its unchanged parts. */
export class Painter {
  #picture: Picture = { nodes: new Map(), edges: new Map(), findings: new Map(), passed: new Map() };
  #graph: Graph = { nodes: new Map(), edges: new Map() };
  #passes: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  paint(
    graph: Graph,
    assessment: Assessment,
    bare: ReadonlyMap<string, BareFinding>,
    since: (finding: BareFinding) => number,
    passes: ReadonlyMap<string, ReadonlySet<string>>,
    stale: boolean,
  ): Picture {
    const statusOf = (id: string): Status => (stale ? "stale" : (assessment.status.get(id) ?? "ok"));
    const nodes = new Map<string, ViewNode>();
    for (const node of graph.nodes.values()) {
      const same = this.#graph.nodes.get(node.id) === node ? this.#picture.nodes.get(node.id) : undefined;
      const status = statusOf(node.id);
      nodes.set(node.id, same?.status === status ? same : { ...node, status });
    }
    const edges = new Map<string, ViewEdge>();
    for (const edge of graph.edges.values()) {
      const same = this.#graph.edges.get(edge.id) === edge ? this.#picture.edges.get(edge.id) : undefined;
      const status = statusOf(edge.id);
      edges.set(edge.id, same?.status === status ? same : { ...edge, status });
    }
    const findings = new Map<string, Finding>();
    for (const finding of bare.values()) {
      const explained = assessment.explained.get(finding.key);
      const next: Finding = {
        ...finding,
        since: since(finding),
        ...(explained?.cause === undefined ? {} : { cause: explained.cause }),
        impacts: [...(explained?.impacts ?? [])],
      };
      const before = this.#picture.findings.get(finding.key);
      findings.set(finding.key, before && sameJson(before, next) ? before : next);
    }
    const passed = new Map<string, HostSnapshot["passed"][number]>();
    for (const [subject, checks] of passes) {
      const known = this.#passes.get(subject) === checks ? this.#picture.passed.get(subject) : undefined;
      passed.set(subject, known ?? { subject, checks: [...checks].sort() });
    }
    this.#graph = graph;
    this.#passes = new Map(passes);
    this.#picture = { nodes, edges, findings, passed };
    return this.#picture;
  }
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
