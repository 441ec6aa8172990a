import fc from "fast-check";
import { expect, it } from "vitest";
import { sameJson } from "@/lib/facts/equal";
import type { Facts } from "@/lib/facts/facts";
import { mergeFacts } from "./changes";

interface Entry {
  readonly ifname: string;
  readonly mtu: number;
  readonly stats64: number;
}

const entries: fc.Arbitrary<Entry[]> = fc.array(
  fc.record({
    ifname: fc.constantFrom("a", "b", "c"),
    mtu: fc.constantFrom(1400, 1500),
    stats64: fc.nat(3),
  }),
  { maxLength: 5 },
);
const links = (value: readonly Entry[]): Facts => ({ "ip-link": { ok: true, value, at: 0 } }) as unknown as Facts;
const listOf = (facts: Facts): readonly Entry[] =>
  facts["ip-link"]?.ok ? (facts["ip-link"].value as unknown as readonly Entry[]) : [];
const counters = new Set(["stats64"]);

it("of a list, whatever order and doubles it has: what is steady equals what was read, shares what did not change, and what differs is named", () => {
  fc.assert(
    fc.property(fc.array(entries, { minLength: 2, maxLength: 5 }), (readings) => {
      let facts: Facts = links(readings[0] ?? []);
      let steady = facts;
      for (const reading of readings.slice(1)) {
        const [was, kept] = [listOf(facts), listOf(steady)];
        const merged = mergeFacts(facts, links(reading), steady);
        const now = listOf(merged.steady);
        expect(listOf(merged.facts)).toEqual(reading);
        // In memory once: what stands in both and has the same counters is one object.
        listOf(merged.facts).forEach((entry, at) => {
          if (sameJson(entry, now[at])) expect(entry).toBe(now[at]);
        });
        expect(sameJson(now, reading, counters)).toBe(true);
        const differs = !sameJson(was, reading, counters);
        expect(merged.changes.length).toBe(differs ? 1 : 0);
        if (!differs) expect(now).toBe(kept);
        // As many of the old objects as there are equal entries, each at most once.
        const plain = ({ ifname, mtu }: Entry): string => `${ifname} ${mtu}`;
        const left = kept.map(plain);
        const fresh = reading.map(plain).filter((entry) => {
          const at = left.indexOf(entry);
          if (at >= 0) left.splice(at, 1);
          return at < 0;
        });
        const shared = now.filter((entry) => kept.includes(entry));
        expect(new Set(shared).size).toBe(shared.length);
        expect(shared.length).toBe(reading.length - fresh.length);
        const names = new Set([...fresh, ...left].map((entry) => entry.split(" ")[0]));
        if (differs) expect(merged.changes[0]?.names).toEqual(names.size > 0 ? names : undefined);
        ({ facts, steady } = { facts: merged.facts, steady: merged.steady });
      }
    }),
    { numRuns: 500 },
  );
});

it("skips a field that moves by itself only in the probe that says so", () => {
  const facts = (probe: string, used: number) =>
    ({ [probe]: { ok: true, value: [{ ifname: "a", used }], at: 0 } }) as unknown as Facts;
  const changes = (probe: string) => mergeFacts(facts(probe, 1), facts(probe, 2), facts(probe, 1)).changes;
  expect(changes("ip-neigh")).toEqual([]);
  expect(changes("bridge-vlan")).toEqual([{ probe: "bridge-vlan", names: new Set(["a"]) }]);
});
