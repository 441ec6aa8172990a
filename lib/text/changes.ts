import type { Part } from "../diff/keyed";
import { sameJson } from "../facts/equal";
import type { Json, Status } from "../graph/model";
import type { HostDelta, HostSnapshot } from "../wire/model";

/** One thing that changed, for the Changes tab. `subject` is a node or edge id, or the host's id. */
export interface Change {
  readonly at: number;
  readonly seq: number;
  readonly subject: string;
  readonly what:
    | { readonly kind: "appeared" | "gone" }
    | { readonly kind: "status"; readonly from: Status; readonly to: Status }
    | {
        readonly kind: "attribute";
        readonly name: string;
        readonly from: Json | undefined;
        readonly to: Json | undefined;
      }
    | { readonly kind: "present"; readonly to: boolean }
    | {
        readonly kind: "finding";
        readonly check: string;
        readonly status: "fail" | "warn" | "unknown";
        readonly message: string;
      }
    | { readonly kind: "cleared"; readonly check: string }
    | { readonly kind: "state"; readonly from: string; readonly to: string; readonly reason?: string };
}

type Attributed = { readonly attributes?: Readonly<Record<string, Json>> };

function attributeChanges(before: Attributed, after: Attributed): Change["what"][] {
  const from = new Map(Object.entries(before.attributes ?? {}));
  const to = new Map(Object.entries(after.attributes ?? {}));
  const names = [...new Set([...from.keys(), ...to.keys()])].sort();
  return names
    .filter((name) => !sameJson(from.get(name), to.get(name)))
    .map((name) => ({ kind: "attribute", name, from: from.get(name), to: to.get(name) }));
}

/** What a part of the delta is about, as it was, by key. */
function touched<T>(
  before: readonly T[],
  part: Part<T> | undefined,
  keyOf: (item: T) => string,
): ReadonlyMap<string, T> {
  const keys = new Set([...(part?.drop ?? []), ...(part?.put ?? []).map(keyOf)]);
  const found = new Map<string, T>();
  if (keys.size > 0) for (const item of before) if (keys.has(keyOf(item))) found.set(keyOf(item), item);
  return found;
}

/** What a delta changes, in words' raw form. Pure; `before` is the snapshot that the delta is applied to. */
export function changesOf(before: HostSnapshot, delta: HostDelta): Change[] {
  const out: Change[] = [];
  const add = (subject: string, what: Change["what"]) => out.push({ at: delta.at, seq: delta.seq, subject, what });

  if (delta.info && delta.info.state !== before.host.state) {
    const { state, reason } = delta.info;
    add(before.host.id, { kind: "state", from: before.host.state, to: state, ...(reason ? { reason } : {}) });
  }
  const nodes = touched(before.nodes, delta.nodes, (n) => n.id);
  for (const id of delta.nodes?.drop ?? []) add(id, { kind: "gone" });
  for (const node of delta.nodes?.put ?? []) {
    const was = nodes.get(node.id);
    if (!was) add(node.id, { kind: "appeared" });
    else {
      if (was.status !== node.status) add(node.id, { kind: "status", from: was.status, to: node.status });
      if (was.name !== node.name) add(node.id, { kind: "attribute", name: "name", from: was.name, to: node.name });
      for (const what of attributeChanges(was, node)) add(node.id, what);
    }
  }
  const edges = touched(before.edges, delta.edges, (e) => e.id);
  for (const id of delta.edges?.drop ?? []) add(id, { kind: "gone" });
  for (const edge of delta.edges?.put ?? []) {
    const was = edges.get(edge.id);
    if (!was) add(edge.id, { kind: "appeared" });
    else {
      if (was.present !== edge.present) add(edge.id, { kind: "present", to: edge.present });
      if (was.status !== edge.status) add(edge.id, { kind: "status", from: was.status, to: edge.status });
      for (const what of attributeChanges(was, edge)) add(edge.id, what);
    }
  }
  const findings = touched(before.findings, delta.findings, (f) => f.key);
  for (const key of delta.findings?.drop ?? []) {
    const was = findings.get(key);
    if (was) add(was.subject, { kind: "cleared", check: was.check });
  }
  for (const f of delta.findings?.put ?? []) {
    const was = findings.get(f.key);
    if (!was || was.status !== f.status)
      add(f.subject, { kind: "finding", check: f.check, status: f.status, message: f.message });
  }
  return out;
}
