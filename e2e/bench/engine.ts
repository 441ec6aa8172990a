/**
 * (e) What all checks cost for one host of 50 guests, and for one changed link. Floor: parsing the same facts' JSON once, which no reader can avoid. Every interface has counters, and they
 * move with every reading: that is what a sweep brings, and each of them is a sample to be taken and judged.
 */

import { checks } from "@/lib/checks/registry";
import { bondHost, edit, setLink } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import type { Link } from "@/lib/probes/ip-link";
import { makeEngine } from "@/server/collector/engine";
import type { HostEngine } from "@/server/collector/engine/api";
import { median, ms, type Row } from "./stats";

const guests = 50;
const rounds = 60;
/** Between two sweeps. */
const sweepMs = 15_000;

export function checksCost(): Row[] {
  const facts = counted(bondHost(guests), 0);
  const text = JSON.stringify(facts);
  const floor = Array.from({ length: rounds }, () => timed(() => void JSON.parse(text)));
  const cold = firstChanges(facts);
  const running = swept(facts);
  const warm = firstChanges(facts);
  const told = events(facts);
  const row = (id: string, what: string, values: number[], bound: number): Row => ({
    id,
    what: `${what}: facts to findings, ${checks.length} checks, ${guests} guests, median of ${values.length}`,
    ours: ms(median(values)),
    floor: `JSON.parse of the facts ${ms(median(floor))}`,
    ratio: (median(values) / median(floor)).toFixed(1),
    bound: ms(bound),
    holds: median(values) < bound,
  });
  return [
    row("e1", "a whole host", cold.whole, 20),
    row("e2", "one changed link, the first of a new engine, in a process that has just begun", cold.first, 1),
    row("e3", "one changed link among all links read again, in an engine that runs", running, 1),
    row("e4", "one changed link, the first of a new engine, in a process that has judged before", warm.first, 1),
    row("e5", "one changed link as the ip monitor tells it, in an engine that runs", told, 1),
  ];
}

/** New engines, each with its first reading and the first change that it sees. */
function firstChanges(facts: Facts): { readonly whole: number[]; readonly first: number[] } {
  const whole: number[] = [];
  const first: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const engine = newEngine();
    whole.push(timed(() => engine.read(facts, [], 1_000)));
    const link = narrowed(facts, round);
    first.push(timed(() => engine.read(link, [], 1_000 + sweepMs)));
  }
  return { whole, first };
}

/** Changes of one link, one after another, each with all links read anew, as a sweep after an event brings them. */
function swept(facts: Facts): number[] {
  const engine = newEngine();
  engine.read(facts, [], 1_000);
  return Array.from({ length: 600 }, (_, round) => {
    const link = narrowed(facts, round);
    return timed(() => engine.read(link, [], 1_000 + (round + 1) * sweepMs));
  }).slice(-300);
}

/** The same, each as an event alone: the other links are as they were read. */
function events(facts: Facts): number[] {
  const engine = newEngine();
  engine.read(facts, [], 1_000);
  return Array.from({ length: 600 }, (_, round) => {
    const before = engine.facts["ip-link"];
    if (!before?.ok) throw new Error("links were not read");
    const value = before.value.map((link) => (link.ifname === "vnet7" ? { ...link, mtu: mtuOf(round) } : link));
    return timed(() => engine.read({ "ip-link": { ...before, value } }, [], 2_000 + round * 100));
  }).slice(-300);
}

const mtuOf = (round: number): number => 1400 + (round % 50);

const narrowed = (facts: Facts, round: number): Facts => ({
  "ip-link": counted(setLink(facts, "vnet7", { mtu: mtuOf(round) }), round + 1)["ip-link"],
});

/** The counters after so many readings: every guest gets what is broadcast, and some of them work. */
function counted(facts: Facts, readings: number): Facts {
  const count = (at: number, each: number) => ({
    bytes: 90_000 + readings * each * (at + 1) * 400,
    packets: 900 + readings * each * (at + 1),
    errors: 0,
    dropped: 0,
  });
  return edit(facts, "ip-link", (links): Link[] =>
    links.map((link, at) => ({ ...link, stats64: { rx: count(at, 7), tx: count(at, 9) } })),
  );
}

const newEngine = (): HostEngine =>
  makeEngine({ id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: 0, demo: false }, "bench", {});

function timed(work: () => unknown): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}
