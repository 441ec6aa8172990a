import { applySorted, type Part } from "./keyed";

/**
 * The shape of lib/wire's HostSnapshot as far as a difference needs it (wire imports this room's neighbours, not the other way round).
 * Collections are sorted by their key.
 */
export interface SnapshotShape {
  readonly host: { readonly id: string };
  readonly seq: number;
  readonly epoch: string;
  readonly at: number;
  readonly nodes: { readonly id: string }[];
  readonly edges: { readonly id: string }[];
  readonly findings: { readonly key: string }[];
  readonly problems: { readonly key: string }[];
  readonly passed: { readonly subject: string }[];
  readonly probes: { readonly id: string }[];
}

/** The shape of lib/wire's HostDelta for such a snapshot. */
export interface DeltaOf<S extends SnapshotShape> {
  readonly host: string;
  readonly epoch: string;
  readonly seq: number;
  readonly at: number;
  readonly info?: S["host"];
  readonly nodes?: Part<S["nodes"][number]>;
  readonly edges?: Part<S["edges"][number]>;
  readonly findings?: Part<S["findings"][number]>;
  readonly problems?: Part<S["problems"][number]>;
  readonly passed?: Part<S["passed"][number]>;
  readonly probes?: Part<S["probes"][number]>;
}

const idOf = (item: { readonly id: string }) => item.id;
const keyOf = (item: { readonly key: string }) => item.key;
const subjectOf = (item: { readonly subject: string }) => item.subject;

/**
 * The snapshot after a delta. What the delta does not name is the same object as before: the canvas sees by that what has changed. Throws where the
 * delta is not the next one of this host and epoch: applying it would make up a state that never was. Does not change `before`.
 */
export function applyDelta<S extends SnapshotShape>(before: S, delta: DeltaOf<S>): S {
  if (delta.host !== before.host.id || delta.epoch !== before.epoch)
    throw new Error(`delta of ${delta.host}/${delta.epoch} does not belong to ${before.host.id}/${before.epoch}`);
  if (delta.seq !== before.seq + 1) throw new Error(`delta ${delta.seq} does not follow ${before.seq}`);
  return {
    ...before,
    host: delta.info ?? before.host,
    seq: delta.seq,
    at: delta.at,
    nodes: delta.nodes ? applySorted(before.nodes, delta.nodes, idOf) : before.nodes,
    edges: delta.edges ? applySorted(before.edges, delta.edges, idOf) : before.edges,
    findings: delta.findings ? applySorted(before.findings, delta.findings, keyOf) : before.findings,
    problems: delta.problems ? applySorted(before.problems, delta.problems, keyOf) : before.problems,
    passed: delta.passed ? applySorted(before.passed, delta.passed, subjectOf) : before.passed,
    probes: delta.probes ? applySorted(before.probes, delta.probes, idOf) : before.probes,
  };
}
