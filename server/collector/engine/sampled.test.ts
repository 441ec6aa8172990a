import fc from "fast-check";
import { expect, it } from "vitest";
import type { Check } from "@/lib/checks/define";
import { viewFor } from "@/lib/checks/evaluate";
import { examplesOf } from "@/lib/checks/examples";
import { checks } from "@/lib/checks/registry";
import { unread } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import { Unread } from "@/lib/facts/read";
import { passes } from "@/lib/graph/passes/registry";
import type { ProbeId } from "@/lib/probes/registry";
import type { HostInfo } from "@/lib/wire/model";
import { Engine } from "./engine";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };
const tracked = checks.filter((check) => check.track);

/** What each track would be if it were taken now, by its key in the book; tracks that tell nothing now are left out. */
function takenNow(check: Check, { graph, facts }: Engine): Map<string, number> {
  const reading = { host: "h", now: 0, graph, facts, settings: {} };
  const taken = new Map<string, number>();
  for (const subject of [...graph.nodes.values(), ...graph.edges.values()]) {
    if (!check.subjects.includes("from" in subject ? `edge:${subject.kind}` : subject.kind)) continue;
    const view = viewFor(check, subject.id, reading, () => []);
    for (const [track, { sample }] of Object.entries(check.track ?? {}))
      try {
        const value = sample(subject, view);
        if (value !== undefined) taken.set(`${check.id}\n${track}\n${subject.id}`, value);
      } catch (error) {
        if (!(error instanceof Unread)) throw error;
      }
  }
  return taken;
}

/** A reading of a host of the check's examples: what comes late, and what cannot be read. */
const sweepOf = ({ id }: Check) =>
  fc
    .constantFrom(
      ...["good" as const, "bad" as const]
        .flatMap((kind) => examplesOf.get(id)?.[kind] ?? [])
        .map(({ facts }) => facts),
    )
    .chain((facts) => {
      const probes = Object.keys(facts) as ProbeId[];
      return fc.record({
        facts: fc.constant(facts),
        late: fc.subarray(probes, { maxLength: 3 }),
        failing: fc.subarray(probes, { maxLength: 1 }),
      });
    });

const only = (facts: Facts, wanted: (probe: ProbeId) => boolean): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([probe]) => wanted(probe as ProbeId))) as Facts;

it.each(tracked)("$id: after a sweep the newest samples are those that would be taken from scratch", (check) => {
  fc.assert(
    fc.property(fc.array(sweepOf(check), { minLength: 1, maxLength: 2 }), (sweeps) => {
      const engine = new Engine(info, "e", {}, {}, { passes, checks: [check], rules: [] });
      let facts: Facts = {};
      let now = 1_000;
      for (const { facts: next, late, failing } of sweeps) {
        facts = failing.reduce((all, probe) => unread(all, probe), { ...facts, ...next });
        for (const isLate of [false, true]) {
          now += 3_000;
          engine.read(structuredClone(only(facts, (probe) => late.includes(probe) === isLate)), [], now);
        }
      }
      engine.read(structuredClone(facts), [], now + 9_000);
      const rows = engine.memory().samples as readonly (readonly [string, ...number[]])[];
      const newest = new Map(rows.map(([key, ...row]) => [key, row.at(-1)]));
      const taken = takenNow(check, engine);
      expect([...taken].map(([key]) => [key, newest.get(key)])).toEqual([...taken]);
    }),
    { numRuns: Number(process.env.TAPROOT_RUNS ?? 120) },
  );
});
