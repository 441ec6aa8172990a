import fc from "fast-check";
import { expect, it } from "vitest";
import { viewFor } from "@/lib/checks/evaluate";
import { checks } from "@/lib/checks/registry";
import { unread } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import { passes } from "@/lib/graph/passes/registry";
import type { ProbeId } from "@/lib/probes/registry";
import type { HostInfo } from "@/lib/wire/model";
import { Engine } from "./engine";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };
const tracked = checks.filter((check) => check.track);
const examples = tracked.flatMap(({ examples: { good, bad } }) => [...good, ...bad].map(({ facts }) => facts));

/** What each track would be if it were taken now, by its key in the book; tracks that tell nothing now are left out. */
function takenNow({ graph, facts }: Engine): Map<string, number> {
  const reading = { host: "h", now: 0, graph, facts, settings: {} };
  const taken = new Map<string, number>();
  for (const check of tracked)
    for (const subject of [...graph.nodes.values(), ...graph.edges.values()]) {
      if (!check.subjects.includes("from" in subject ? `edge:${subject.kind}` : subject.kind)) continue;
      for (const [track, { sample }] of Object.entries(check.track ?? {}))
        try {
          const value = sample(
            subject,
            viewFor(check, subject.id, reading, () => []),
          );
          if (value !== undefined) taken.set(`${check.id}\n${track}\n${subject.id}`, value);
        } catch {
          // Something was not read: no sample.
        }
    }
  return taken;
}

/** Facts in two parts, in any order: probes of a sweep come as they are ready. */
function parted(facts: Facts, first: ReadonlySet<string>): readonly Facts[] {
  const entries = Object.entries(facts);
  return [entries.filter(([probe]) => first.has(probe)), entries.filter(([probe]) => !first.has(probe))].map(
    (part) => Object.fromEntries(part) as Facts,
  );
}

const probes = [...new Set(examples.flatMap((facts) => Object.keys(facts)))];
const sweep = fc.record({
  facts: fc.constantFrom(...examples),
  first: fc.subarray(probes).map((some) => new Set(some)),
  failing: fc.subarray(probes, { maxLength: 2 }),
});

it("after a sweep the newest sample of everything is what would be taken from scratch, in whatever order probes came before", () => {
  fc.assert(
    fc.property(fc.array(sweep, { minLength: 1, maxLength: 3 }), (sweeps) => {
      const engine = new Engine(info, "e", {}, {}, { passes, checks: tracked, rules: [] });
      let facts: Facts = {};
      let now = 1_000;
      for (const one of sweeps) {
        facts = one.failing.reduce<Facts>((all, probe) => unread(all, probe as ProbeId), { ...facts, ...one.facts });
        for (const part of parted(structuredClone(facts), one.first)) {
          now += 3_000;
          engine.read(part, [], now);
        }
      }
      engine.read(structuredClone(facts), [], now + 9_000);
      const rows = engine.memory().samples as readonly (readonly [string, ...number[]])[];
      const newest = new Map(rows.map(([key, ...row]) => [key, row.at(-1)]));
      const taken = takenNow(engine);
      expect([...taken].map(([key]) => [key, newest.get(key)])).toEqual([...taken]);
    }),
    { numRuns: Number(process.env.TAPROOT_RUNS ?? 100) },
  );
}, 600_000);
