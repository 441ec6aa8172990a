import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byKey, diffKeyed, keyed } from "./keyed";
import { applyDelta, type DeltaOf, type SnapshotShape } from "./snapshot";

interface Snapshot extends SnapshotShape {
  readonly host: { readonly id: string; readonly state: string };
  readonly nodes: { readonly id: string; readonly value: unknown }[];
  readonly edges: { readonly id: string; readonly value: unknown }[];
  readonly findings: { readonly key: string; readonly value: unknown }[];
  readonly problems: { readonly key: string; readonly value: unknown }[];
  readonly passed: { readonly subject: string; readonly checks: string[] }[];
  readonly probes: { readonly id: string; readonly ms: number }[];
}

/** Hostile keys among them: `__proto__`, empty, white space. */
const key = fc.oneof(fc.constantFrom("a", "b", "c", "__proto__", "constructor", "", " "), fc.string({ maxLength: 3 }));
const list = <T extends object, K extends string>(name: K, rest: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(fc.tuple(key, rest), { selector: ([id]) => id, maxLength: 8 })
    .map((all) =>
      all.sort(([a], [b]) => byKey(a, b)).map(([id, more]) => ({ [name]: id, ...more }) as T & Record<K, string>),
    );
const value = fc.record({ value: fc.jsonValue({ maxDepth: 2 }) });

const snapshot = (seq: number): fc.Arbitrary<Snapshot> =>
  fc.record({
    host: fc.record({ id: fc.constant("h"), state: fc.constantFrom("live", "stale") }),
    seq: fc.constant(seq),
    epoch: fc.constant("e"),
    at: fc.constant(seq),
    nodes: list("id", value),
    edges: list("id", value),
    findings: list("key", value),
    problems: list("key", value),
    passed: list("subject", fc.record({ checks: fc.array(fc.string()) })),
    probes: list("id", fc.record({ ms: fc.nat() })),
  });

const keyOf = {
  nodes: "id",
  edges: "id",
  findings: "key",
  problems: "key",
  passed: "subject",
  probes: "id",
} as const;

/** What makes `a` into `b`, collection by collection: the engine's own deltas are held to the same in incremental.test.ts. */
function between(a: Snapshot, b: Snapshot): DeltaOf<Snapshot> {
  const parts = Object.entries(keyOf).flatMap(([name, key]) => {
    const items = (of: Snapshot) => of[name as keyof typeof keyOf] as unknown as readonly Record<string, string>[];
    const part = diffKeyed(
      keyed(items(a), (item) => item[key] ?? ""),
      keyed(items(b), (item) => item[key] ?? ""),
    );
    return part ? [[name, part]] : [];
  });
  return { host: b.host.id, epoch: b.epoch, seq: b.seq, at: b.at, info: b.host, ...Object.fromEntries(parts) };
}

describe("the difference of two snapshots", () => {
  it("applied to the one gives the other", () => {
    fc.assert(
      fc.property(snapshot(1), snapshot(2), (a, b) => {
        expect(applyDelta(a, between(a, b))).toEqual(b);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves what it does not name the same object, so that a reader sees by that what has changed", () => {
    fc.assert(
      fc.property(snapshot(1), snapshot(2), (a, b) => {
        const after = applyDelta(a, between(a, b));
        const before = new Map(a.nodes.map((node) => [node.id, node]));
        const touched = new Set(between(a, b).nodes?.put.map((node) => node.id));
        for (const node of after.nodes) expect(before.get(node.id) === node).toBe(!touched.has(node.id));
      }),
    );
  });

  it("is nothing where only number and time differ", () => {
    fc.assert(
      fc.property(snapshot(1), (a) => {
        expect(Object.keys(between(a, { ...structuredClone(a), seq: 2, at: 9 }))).toEqual([
          "host",
          "epoch",
          "seq",
          "at",
          "info",
        ]);
      }),
    );
  });

  it("refuses a delta that is not the next one of this host and epoch", () => {
    const base: Snapshot = {
      host: { id: "h", state: "live" },
      seq: 1,
      epoch: "e",
      at: 1,
      nodes: [],
      edges: [],
      findings: [],
      problems: [],
      passed: [],
      probes: [],
    };
    const delta = { host: "h", epoch: "e", seq: 3, at: 3 };
    expect(() => applyDelta(base, delta)).toThrow("does not follow 1");
    expect(() => applyDelta(base, { ...delta, seq: 2, epoch: "f" })).toThrow("does not belong");
    expect(() => applyDelta(base, { ...delta, seq: 2, host: "g" })).toThrow("does not belong");
  });
});
