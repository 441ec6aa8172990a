// Long: one engine for a host: what it knows stays private to it, and its parts are files of their own already.
import { type Assessment, assess } from "@/lib/causes/assess";
import type { CauseRule } from "@/lib/causes/define";
import type { Check } from "@/lib/checks/define";
import type { BareFinding, Reading } from "@/lib/checks/evaluate";
import { isFor } from "@/lib/checks/platforms";
import { checksChanged, type SettingValues } from "@/lib/checks/settings";
import { applyKeyed, byKey, diffKeyed, type Part, sorted } from "@/lib/diff/keyed";
import { sameJson } from "@/lib/facts/equal";
import type { Facts } from "@/lib/facts/facts";
import { type HostSummary, Summary } from "@/lib/fleet/summary";
import { buildGraph } from "@/lib/graph/builder";
import { selfKind } from "@/lib/graph/kinds";
import type { Json } from "@/lib/graph/model";
import type { HostMemory, Pass } from "@/lib/graph/pass";
import { patchGraph } from "@/lib/graph/patch";
import { type GraphView, viewOf } from "@/lib/graph/view";
import type { Platform } from "@/lib/probes/define";
import type { ProbeId } from "@/lib/probes/registry";
import type { Problem } from "@/lib/problems/problem";
import {
  type HostCard,
  type HostDelta,
  type HostInfo,
  type HostSnapshot,
  isWhatItSays,
  type ProbeReport,
} from "@/lib/wire/model";
import type { HostEngine } from "./api";
import { cardOf, Spark } from "./card";
import { type FactChange, mergeFacts } from "./changes";
import { Judge, type Judged } from "./judge";
import { Problems } from "./problems";
import { type Inputs, named, Publisher, shareUnchanged } from "./publisher";
import { Touched } from "./touched";

/** Units that an engine works with; the registries, or a test's own. */
export interface Units {
  readonly passes: readonly Pass[];
  readonly checks: readonly Check[];
  readonly rules: readonly CauseRule[];
  /** What the host is; without it Linux. Checks that need what such a host does not have are left out. */
  readonly platform?: Platform;
}

/** Times and sizes of probes, and the time of the last sweep, are published at most this often where nothing else changes. */
const quietMs = 30_000;

/** Every probe has had its turn by then, also those that are read every five minutes: what shows a thing may come long after the interfaces. */
const tidyMs = 15 * 60_000;

const nothing: Inputs["changed"] = { items: [], findings: [], passed: [] };

const empty: GraphView = viewOf({ nodes: new Map(), edges: new Map() });

/** See HostEngine. One object a host; nothing in it does I/O or asks a clock. */
export class Engine implements HostEngine {
  #info: HostInfo;
  #facts: Facts = {};
  /** Facts for the graph: what could not be read again stays as last read, so that a slow virsh does not take every guest off the page. */
  #graphFacts: Facts = {};
  #graph: GraphView = empty;
  #madeBy: ReadonlyMap<string, string> = new Map();
  #failed: ReadonlyMap<string, string> = new Map();
  #memory: HostMemory;
  #assessment: Assessment = { explained: new Map(), status: new Map() };
  #doubtful: ReadonlySet<string> = new Set();
  #reports = new Map<string, ProbeReport>();
  readonly #judge: Judge;
  /** Of each check in the registry. */
  readonly #places: ReadonlyMap<string, number>;
  #settings: SettingValues;
  /** Subjects that a check could not judge, with how many findings say so. */
  readonly #unjudged = new Map<string, number>();
  /** Findings that tell of a fault, in the order in which causes are looked for. */
  readonly #faults = new Map<string, BareFinding>();
  readonly #since: Map<string, number>;
  readonly #spark: Spark;
  readonly #problems: Problems;
  /** True from the first reading after a connection was made until that connection is lost. */
  #current = false;
  #seq = 0;
  #at: number;
  /** When what an earlier engine left is looked through; undefined once that is done. */
  #tidyAt: number | undefined = Number.POSITIVE_INFINITY;
  /** What it shows is what has been published: `snapshot` is exactly what all deltas so far add up to. */
  readonly #publisher = new Publisher();
  readonly #summary = new Summary();
  #shownProbes: ReadonlyMap<string, ProbeReport> = new Map();
  #shownInfo: HostInfo;
  #shownAt: number;

  constructor(
    info: HostInfo,
    readonly epoch: string,
    memory: HostMemory,
    settings: SettingValues,
    readonly units: Units,
  ) {
    this.#info = info;
    this.#at = info.since;
    this.#shownInfo = info;
    this.#shownAt = info.since;
    this.#memory = memory;
    this.#settings = settings;
    const checks = units.checks.filter((check) => isFor(check, units.platform ?? "linux"));
    this.#places = new Map(checks.map((check, at) => [check.id, at]));
    this.#judge = new Judge(checks, memory.samples);
    this.#since = readTimes(memory.since);
    this.#spark = new Spark(memory.spark);
    this.#problems = new Problems(memory.problems);
  }

  get graph(): GraphView {
    return this.#graph;
  }

  get facts(): Facts {
    return this.#facts;
  }

  get summary(): HostSummary {
    return this.#summary.take(this.#graph, this.#graphFacts, this.#at);
  }

  get problems(): readonly Problem[] {
    return this.#problems.ranked;
  }

  get defects(): ReadonlyMap<string, { readonly count: number; readonly last: string }> {
    return this.#judge.defects;
  }

  /** Verdicts asked for by the last reading. */
  get evaluated(): number {
    return this.#judge.evaluated;
  }

  read(facts: Facts, reports: readonly ProbeReport[], at: number): HostDelta | undefined {
    this.#at = Math.max(at, this.#at);
    this.#current = true;
    this.#info = { ...this.#info, seenAt: this.#at };
    for (const report of reports) this.#reports.set(report.id, report);
    const first = Object.keys(this.#facts).length === 0;
    const { facts: merged, changes, steady } = mergeFacts(this.#facts, facts, this.#graphFacts);
    const factsBefore = this.#facts;
    this.#facts = merged;
    const before = this.#graph;
    const graphFactsBefore = this.#graphFacts;
    this.#holdOver(steady);
    const patched = first ? undefined : this.#bringUpToDate(changes, graphFactsBefore);
    if (first) this.#rebuild();
    const touched = new Touched(before, this.#graph, changes, patched);
    // What is in doubt follows from who made what, and from what could be read.
    const rebuilt = patched === undefined;
    const doubtful = rebuilt || changes.some((change) => change.status) ? this.#findDoubtful() : this.#doubtful;
    const judged = this.#judge.judge(this.#reading(), facts, touched, factsBefore);
    const regard = touched.graphChanged || doubtful !== this.#doubtful;
    this.#doubtful = doubtful;
    this.#assess(judged, regard);
    if (first) this.#tidyAt = this.#at + tidyMs;
    this.#tidy();
    return this.#publish({ items: [...touched.nodes, ...touched.edges], ...judged });
  }

  setSettings(settings: SettingValues): HostDelta | undefined {
    const changed = checksChanged(this.units.checks, this.#settings, settings);
    this.#settings = settings;
    if (changed.size === 0 || Object.keys(this.#facts).length === 0) return undefined;
    const judged = this.#judge.again(this.#reading(), changed);
    if (judged.findings.size === 0 && judged.passed.size === 0) return undefined;
    this.#assess(judged, false);
    return this.#publish({ items: [], ...judged });
  }

  host(info: HostInfo): HostDelta | undefined {
    if (!isWhatItSays(info.state)) this.#current = false;
    this.#at = Math.max(info.since, this.#at);
    this.#info = { ...info, seenAt: info.seenAt ?? this.#info.seenAt };
    return this.#publish(nothing);
  }

  snapshot(): HostSnapshot {
    return {
      host: this.#shownInfo,
      seq: this.#seq,
      epoch: this.epoch,
      at: this.#shownAt,
      nodes: sorted(this.#publisher.shown.nodes),
      edges: sorted(this.#publisher.shown.edges),
      findings: sorted(this.#publisher.shown.findings),
      problems: sorted(this.#problems.shown),
      passed: sorted(this.#publisher.shown.passed),
      probes: sorted(this.#shownProbes),
    };
  }

  card(): HostCard {
    const { nodes, findings } = this.#publisher.shown;
    return cardOf({
      host: this.#info,
      nodes,
      findings,
      problems: this.#problems.ranked,
      stale: this.#isStale(),
      spark: this.#spark.minutes(this.#at),
    });
  }

  memory(): HostMemory {
    return {
      ...this.#memory,
      since: [...this.#since].map(([key, at]) => [key, at]),
      samples: this.#judge.memory(),
      spark: this.#spark.dump(),
      problems: this.#problems.memory(),
    };
  }

  /** Takes facts over for the graph; where a reading failed, the last good one stays. */
  #holdOver(facts: Facts): void {
    const next: Record<string, unknown> = { ...this.#graphFacts };
    for (const probe of Object.keys(facts) as ProbeId[]) {
      const now = facts[probe];
      if (now?.ok || now?.why === "absent" || !this.#graphFacts[probe]?.ok) next[probe] = now;
    }
    this.#graphFacts = next as Facts;
  }

  #concernsGraph(probe: ProbeId): boolean {
    return this.units.passes.some((pass) => pass.needs.includes(probe) || pass.optional?.includes(probe));
  }

  /** Makes the graph anew where what it is made from has changed; where only plain values of interfaces have, those alone, and returns the ids of their nodes. */
  #bringUpToDate(changes: readonly FactChange[], before: Facts): readonly string[] | undefined {
    const concerned = changes.filter(({ probe }) => this.#concernsGraph(probe));
    if (concerned.length === 0) return [];
    const linksOnly = concerned.every(({ probe }) => probe === "ip-link") && this.#failed.size === 0;
    const patched = linksOnly ? patchGraph(this.#graph, before, this.#graphFacts) : undefined;
    if (patched) this.#graph = patched.graph;
    else this.#rebuild();
    return patched?.nodes;
  }

  #rebuild(): void {
    const built = buildGraph(this.#info.id, this.#graphFacts, this.#memory, this.units.passes);
    this.#memory = built.memory;
    this.#madeBy = built.madeBy;
    this.#failed = built.failed;
    for (const [pass, why] of built.failed) this.#judge.defect(`pass ${pass}`, why);
    this.#graph = viewOf(shareUnchanged(this.#graph, built.graph));
  }

  /** What was made from facts that could not be read again; the host itself where a pass failed, for then nobody knows what is missing from the graph. */
  #findDoubtful(): ReadonlySet<string> {
    const passes = new Set(
      this.units.passes
        .filter((pass) =>
          [...pass.needs, ...(pass.doubtWithout ?? [])].some((probe) => {
            const read = this.#facts[probe];
            return read !== undefined && !read.ok && read.why !== "absent";
          }),
        )
        .map((pass) => pass.id),
    );
    if (passes.size === 0 && this.#failed.size === 0) return this.#doubtful.size === 0 ? this.#doubtful : new Set();
    const ids = new Set<string>(this.#failed.size > 0 ? this.#graph.ofKind(selfKind).map((node) => node.id) : []);
    for (const [id, pass] of this.#madeBy) if (passes.has(pass)) ids.add(id);
    return sameSet(ids, this.#doubtful) ? this.#doubtful : ids;
  }

  #reading(): Reading {
    return {
      host: this.#info.id,
      now: this.#at,
      graph: this.#graph,
      facts: this.#facts,
      settings: this.#settings,
    };
  }

  /** Looks for causes and impacts anew where findings differ, or `regard` says that what they stand on does. */
  #assess(judged: Judged, regard: boolean): void {
    this.#sort(judged);
    if (judged.findings.size === 0 && !regard) return;
    this.#keepTimes(judged);
    this.#assessment = assess(this.#graph, this.#inOrder(), this.units.rules, this.#unknown());
  }

  /** Keeps apart what tells of a fault and what could not be judged: only the former has causes and impacts, and there is much of the latter on a host that is read without root. */
  #sort({ findings }: Judged): void {
    for (const key of findings) {
      const shown = this.#publisher.shown.findings.get(key);
      if (shown?.status === "unknown") {
        const count = (this.#unjudged.get(shown.subject) ?? 0) - 1;
        if (count > 0) this.#unjudged.set(shown.subject, count);
        else this.#unjudged.delete(shown.subject);
      }
      this.#faults.delete(key);
      const finding = this.#judge.findings.get(key);
      if (finding?.status === "unknown")
        this.#unjudged.set(finding.subject, (this.#unjudged.get(finding.subject) ?? 0) + 1);
      else if (finding) this.#faults.set(key, finding);
    }
  }

  /** In the order of the registry, then by subject: which of two causes stands first must not depend on which fault was seen first. */
  #inOrder(): BareFinding[] {
    return [...this.#faults.values()].sort(
      (a, b) => (this.#places.get(a.check) ?? 0) - (this.#places.get(b.check) ?? 0) || byKey(a.subject, b.subject),
    );
  }

  #unknown(): ReadonlySet<string> {
    return this.#doubtful.size === 0
      ? new Set(this.#unjudged.keys())
      : new Set([...this.#doubtful, ...this.#unjudged.keys()]);
  }

  /** A finding keeps the time at which it was first seen, over readings that failed meanwhile and over restarts, until its check passes. */
  #keepTimes({ findings }: Judged): void {
    for (const key of findings) {
      const finding = this.#judge.findings.get(key);
      // While unknown, the fault that was there before is neither confirmed nor gone.
      if (finding?.status !== "unknown") this.#since.delete(unknownKey(key));
      if (!finding) this.#since.delete(key);
      else if (!this.#since.has(timeKey(finding))) this.#since.set(timeKey(finding), this.#at);
    }
  }

  /** Drops what an earlier engine left of things that are gone. */
  #tidy(): void {
    if (this.#tidyAt === undefined) return;
    // Mended while nobody looked: should it come back, it has not been there all the time.
    for (const key of this.#since.keys()) if (this.#judge.passes(key)) this.#since.delete(key);
    this.#problems.tidy((key) => this.#judge.passes(key));
    if (this.#at < this.#tidyAt) return;
    this.#tidyAt = undefined;
    for (const key of this.#since.keys())
      if (!this.#judge.findings.has(key.startsWith("?") ? key.slice(1) : key)) this.#since.delete(key);
    this.#problems.tidy((key) => !this.#judge.findings.has(key));
    this.#judge.tidy();
  }

  #isStale(): boolean {
    return !this.#current || !isWhatItSays(this.#info.state);
  }

  #publish(changed: Inputs["changed"]): HostDelta | undefined {
    const parts = this.#publisher.publish({
      graph: this.#graph,
      assessment: this.#assessment,
      findings: this.#judge.findings,
      since: (finding) => this.#since.get(timeKey(finding)) ?? this.#at,
      passes: this.#judge.passed,
      stale: this.#isStale(),
      changed,
    });
    const problems = this.#problems.follow(
      parts.findings,
      this.#publisher.shown.findings,
      this.#faults.keys(),
      this.#at,
    );
    const shows = Object.keys(parts).length > 0;
    // What moves with every sweep (durations, the time of the last one) rides along, or waits until it is worth a message of its own.
    const due = shows || this.#at - this.#shownAt >= quietMs;
    const probes = this.#probeChange(due);
    const info = infoDiffers(this.#shownInfo, this.#info, due || probes !== undefined) ? this.#info : undefined;
    if (!shows && !info && !probes) return undefined;
    if (shows) this.#spark.add(this.#at);
    this.#shownProbes = applyKeyed(this.#shownProbes, probes, (report) => report.id);
    this.#shownInfo = info ?? this.#shownInfo;
    this.#shownAt = this.#at;
    this.#seq++;
    return {
      host: this.#info.id,
      epoch: this.epoch,
      seq: this.#seq,
      at: this.#at,
      ...(info ? { info } : {}),
      ...parts,
      ...named("problems", problems),
      ...named("probes", probes),
    };
  }

  #probeChange(due: boolean): Part<ProbeReport> | undefined {
    const part = diffKeyed(this.#shownProbes, this.#reports);
    if (!part || due) return part;
    const news = part.put.some((report) => {
      const shown = this.#shownProbes.get(report.id);
      return shown?.outcome !== report.outcome || shown.detail !== report.detail;
    });
    return news ? part : undefined;
  }
}

function infoDiffers(shown: HostInfo, now: HostInfo, due: boolean): boolean {
  return !sameJson(shown, due ? now : { ...now, seenAt: shown.seenAt });
}

/** What could not be judged has a time of its own: the fault that was there before keeps its. */
const timeKey = (finding: { readonly key: string; readonly status: string }): string =>
  finding.status === "unknown" ? unknownKey(finding.key) : finding.key;

const unknownKey = (key: string): string => `?${key}`;

function readTimes(memory: Json | undefined): Map<string, number> {
  const times = new Map<string, number>();
  if (!Array.isArray(memory)) return times;
  for (const row of memory as readonly Json[]) {
    if (!Array.isArray(row)) continue;
    const [key, at] = row as readonly Json[];
    if (typeof key === "string" && typeof at === "number") times.set(key, at);
  }
  return times;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
