/**
 * (e) What all checks cost for one host of 50 guests, and for one changed link. Floor: parsing the same facts' JSON once, which no reader can avoid. The host is a healthy one of the
 * simulator: what each probe would print there, read by the probe's own parser. Every interface has counters, and they move with every reading: that is what a sweep brings, and each of them
 * is a sample to be taken and judged.
 */

import { evaluate, unseen } from "@/lib/checks/evaluate";
import { checks } from "@/lib/checks/registry";
import { edit, setLink } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import type { Read } from "@/lib/facts/read";
import { buildGraph } from "@/lib/graph/builder";
import { passes } from "@/lib/graph/passes/registry";
import { viewOf } from "@/lib/graph/view";
import { isAsked, type Probe } from "@/lib/probes/define";
import type { Link } from "@/lib/probes/ip-link";
import { probes } from "@/lib/probes/registry";
import { makeEngine } from "@/server/collector/engine";
import type { HostEngine } from "@/server/collector/engine/api";
import { Answers } from "@/server/sim/answers";
import { buildHost } from "@/server/sim/build";
import { SimMachine } from "@/server/sim/host";
import { median, ms, type Row } from "./stats";

const guests = 50;
const rounds = 60;
/** Between two sweeps. */
const sweepMs = 15_000;
/** When the first sweep ends, by the host's clock and by ours. */
const begun = Date.UTC(2026, 0, 5, 10);

export function checksCost(): Row[] {
  const simulated = healthyHost(guests, begun);
  const said = verdicts(simulated);
  const facts = counted(simulated, 0);
  const text = JSON.stringify(facts);
  const floor = Array.from({ length: rounds }, () => timed(() => void JSON.parse(text)));
  const cold = firstChanges(facts);
  const running = swept(facts);
  const warm = firstChanges(facts);
  const told = events(facts);
  // The floor moves with the machine, and so does what is measured: the claim is their ratio. What has none is shown, and claimed nowhere.
  const row = (id: string, what: string, values: number[], most?: number, note?: string): Row => ({
    id,
    what: `${what}: facts to findings, ${checks.length} checks, ${guests} guests, median of ${values.length}`,
    ours: ms(median(values)),
    floor: `JSON.parse of the facts ${ms(median(floor))}`,
    ratio: (median(values) / median(floor)).toFixed(1),
    bound: most === undefined ? "-" : `${most} x`,
    holds: most === undefined ? undefined : median(values) <= most * median(floor),
    ...(note === undefined ? {} : { note }),
  });
  return [
    row("e1", "a whole host", cold.whole, 12, said),
    row("e2", "one changed link, the first of a new engine, in a process that has just begun", cold.first),
    row("e3", "one changed link among all links read again, in an engine that runs", running, 0.8),
    row("e4", "one changed link, the first of a new engine, in a process that has judged before", warm.first),
    row("e5", "one changed link as the ip monitor tells it, in an engine that runs", told, 0.3),
  ];
}

/**
 * What the probes read of a simulated host as root at `at` (Unix ms). A probe whose tool it has not (no Open vSwitch) says so; those that are asked of a fleet are not asked.
 */
export function healthyHost(guests: number, at: number): Facts {
  const answers = new Answers(new SimMachine(buildHost(7, 0, guests, at), () => at), 0);
  const facts: Record<string, Read<unknown>> = {};
  for (const probe of Object.values(probes) as readonly Probe[]) {
    if (!isAsked(probe)) continue;
    const { stdout, exit } = answers.answer(probe.id, at);
    facts[probe.id] =
      exit === 127
        ? { ok: false, why: "absent", detail: "", at }
        : { ok: true, value: probe.fact.parse(probe.parse({ stdout, exit })), at, ms: 0 };
  }
  return facts as Facts;
}

/** How many checks pass, do not apply and are unknown there, each by the worst that it says of any subject; and how often they judge. */
function verdicts(facts: Facts): string {
  const { graph } = buildGraph("h", facts, {}, passes);
  const view = viewOf(graph);
  const reading = { host: "h", now: begun, graph: view, facts, settings: {} };
  const kinds = ["fail or warn", "unknown", "pass", "not applicable"] as const;
  const counts = new Map<(typeof kinds)[number], number>(kinds.map((kind) => [kind, 0]));
  const open: string[] = [];
  let judged = 0;
  for (const check of checks) {
    const subjects = [...graph.nodes.values(), ...graph.edges.values()].filter((one) =>
      check.subjects.includes("from" in one ? `edge:${one.kind}` : one.kind),
    );
    const said = subjects.map((subject) => {
      const outcome = evaluate(check, subject, reading, () => []);
      return outcome.kind === "finding" ? outcome.finding.status : outcome.kind;
    });
    judged += said.filter((one) => one !== "not-applicable").length;
    const kind = said.some((one) => one === "fail" || one === "warn")
      ? "fail or warn"
      : said.includes("unknown") || unseen(check, reading)
        ? "unknown"
        : said.includes("pass")
          ? "pass"
          : "not applicable";
    if (kind === "unknown" || kind === "fail or warn") open.push(check.id);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = kinds.map((kind) => `${counts.get(kind)} ${kind}`);
  return `${Object.values(facts).filter((one) => one.ok).length} probes read; checks: ${parts.join(", ")}${open.length > 0 ? ` (${open.join(", ")})` : ""}; ${judged} verdicts`;
}

/** New engines, each with its first reading and the first change that it sees. */
function firstChanges(facts: Facts): { readonly whole: number[]; readonly first: number[] } {
  const whole: number[] = [];
  const first: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const engine = newEngine();
    whole.push(timed(() => engine.read(facts, [], begun)));
    const link = narrowed(facts, round);
    first.push(timed(() => engine.read(link, [], begun + sweepMs)));
  }
  return { whole, first };
}

/** Changes of one link, one after another, each with all links read anew, as a sweep after an event brings them. */
function swept(facts: Facts): number[] {
  const engine = newEngine();
  engine.read(facts, [], begun);
  return Array.from({ length: 600 }, (_, round) => {
    const link = narrowed(facts, round);
    return timed(() => engine.read(link, [], begun + (round + 1) * sweepMs));
  }).slice(-300);
}

/** The same, each as an event alone: the other links are as they were read. */
function events(facts: Facts): number[] {
  const engine = newEngine();
  engine.read(facts, [], begun);
  return Array.from({ length: 600 }, (_, round) => {
    const before = engine.facts["ip-link"];
    if (!before?.ok) throw new Error("links were not read");
    const value = before.value.map((link) => (link.ifname === "vnet7" ? { ...link, mtu: mtuOf(round) } : link));
    return timed(() => engine.read({ "ip-link": { ...before, value } }, [], begun + 1_000 + round * 100));
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
