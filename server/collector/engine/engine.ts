import { type Assessment, assess } from "@/lib/causes/assess";
import type { CauseRule } from "@/lib/causes/define";
import type { Check } from "@/lib/checks/define";
import { applyKeyed, diffKeyed, type Part, sorted } from "@/lib/diff/keyed";
import { sameJson } from "@/lib/facts/equal";
import type { Facts } from "@/lib/facts/facts";
import { buildGraph } from "@/lib/graph/builder";
import type { Json } from "@/lib/graph/model";
import type { HostMemory, Pass } from "@/lib/graph/pass";
import { type GraphView, viewOf } from "@/lib/graph/view";
import type { ProbeId } from "@/lib/probes/registry";
import type { HostCard, HostDelta, HostInfo, HostSnapshot, ProbeReport } from "@/lib/wire/model";
import type { HostEngine } from "./api";
import { cardOf, Spark } from "./card";
import { mergeFacts } from "./changes";
import { Judge } from "./judge";
import { Painter, type Picture, shareUnchanged } from "./picture";
import { Touched } from "./touched";

/** Units that an engine works with; the registries, or a test's own. */
export interface Units {
  readonly passes: readonly Pass[];
  readonly checks: readonly Check[];
  readonly rules: readonly CauseRule[];
}

/** Deltas kept for browsers that missed some: beyond that they take the snapshot. */
const ringLength = 256;
/** Times and sizes of probes, and the time of the last sweep, are published at most this often where nothing else changes. */
const quietMs = 30_000;

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
  readonly #since: Map<string, number>;
  readonly #spark: Spark;
  /** True from the first reading after a connection was made until that connection is lost. */
  #current = false;
  #seq = 0;
  #at: number;
  readonly #painter = new Painter();
  /** What has been published: `snapshot` is exactly what all deltas so far add up to. */
  #shown: Picture = { nodes: new Map(), edges: new Map(), findings: new Map(), passed: new Map() };
  #shownProbes: ReadonlyMap<string, ProbeReport> = new Map();
  #shownInfo: HostInfo;
  #shownAt: number;
  readonly #ring: HostDelta[] = [];

  constructor(
    info: HostInfo,
    readonly epoch: string,
    memory: HostMemory,
    readonly settings: Readonly<Record<string, number>>,
    readonly units: Units,
  ) {
    this.#info = info;
    this.#at = info.since;
    this.#shownInfo = info;
    this.#shownAt = info.since;
    this.#memory = memory;
    this.#judge = new Judge(units.checks, memory.samples);
    this.#since = readTimes(memory.since);
    this.#spark = new Spark(memory.spark);
  }

  get graph(): GraphView {
    return this.#graph;
  }

  get facts(): Facts {
    return this.#facts;
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
    this.#facts = merged;
    const before = this.#graph;
    this.#holdOver(steady);
    if (first || changes.some(({ probe }) => this.#concernsGraph(probe))) this.#rebuild();
    const touched = new Touched(before, this.#graph, changes);
    const doubtful = this.#findDoubtful();
    const reading = { host: this.#info.id, now: this.#at, graph: this.#graph, facts: merged, settings: this.settings };
    const different = this.#judge.judge(reading, Object.keys(facts) as ProbeId[], changes, touched);
    if (different || touched.graphChanged || doubtful !== this.#doubtful) {
      this.#doubtful = doubtful;
      this.#keepTimes();
      this.#assessment = assess(this.#graph, [...this.#judge.findings.values()], this.units.rules, doubtful);
    }
    return this.#publish();
  }

  host(info: HostInfo): HostDelta | undefined {
    const alive = info.state === "live" || info.state === "degraded";
    if (!alive) this.#current = false;
    this.#at = Math.max(info.since, this.#at);
    this.#info = { ...info, seenAt: info.seenAt ?? this.#info.seenAt };
    return this.#publish();
  }

  snapshot(): HostSnapshot {
    return {
      host: this.#shownInfo,
      seq: this.#seq,
      epoch: this.epoch,
      at: this.#shownAt,
      nodes: sorted(this.#shown.nodes),
      edges: sorted(this.#shown.edges),
      findings: sorted(this.#shown.findings),
      passed: sorted(this.#shown.passed),
      probes: sorted(this.#shownProbes),
    };
  }

  card(): HostCard {
    const { nodes, findings } = this.#shown;
    return cardOf(this.#info, nodes, findings, this.#isStale(), this.#spark.minutes(this.#at));
  }

  since(epoch: string, seq: number): HostDelta[] | undefined {
    if (epoch !== this.epoch || seq > this.#seq) return undefined;
    if (seq === this.#seq) return [];
    const first = this.#ring[0]?.seq;
    if (first === undefined || seq < first - 1) return undefined;
    return this.#ring.filter((delta) => delta.seq > seq);
  }

  memory(): HostMemory {
    return {
      ...this.#memory,
      since: [...this.#since].map(([key, at]) => [key, at]),
      samples: this.#judge.memory(),
      spark: this.#spark.dump(),
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
    const ids = new Set<string>(this.#failed.size > 0 ? this.#graph.ofKind("host").map((node) => node.id) : []);
    for (const [id, pass] of this.#madeBy) if (passes.has(pass)) ids.add(id);
    return sameSet(ids, this.#doubtful) ? this.#doubtful : ids;
  }

  /** A finding keeps the time at which it was first seen, over readings that failed meanwhile and over restarts, until its check passes. */
  #keepTimes(): void {
    const kept = new Set<string>();
    for (const finding of this.#judge.findings.values()) {
      const key = timeKey(finding);
      kept.add(key);
      // While unknown, the fault that was there before is neither confirmed nor gone.
      if (finding.status === "unknown") kept.add(finding.key);
      if (!this.#since.has(key)) this.#since.set(key, this.#at);
    }
    for (const key of this.#since.keys()) if (!kept.has(key)) this.#since.delete(key);
  }

  #isStale(): boolean {
    return !this.#current || !(this.#info.state === "live" || this.#info.state === "degraded");
  }

  #publish(): HostDelta | undefined {
    const next = this.#painter.paint(
      this.#graph,
      this.#assessment,
      this.#judge.findings,
      (finding) => this.#since.get(timeKey(finding)) ?? this.#at,
      this.#judge.passed,
      this.#isStale(),
    );
    const parts = {
      ...named("nodes", diffKeyed(this.#shown.nodes, next.nodes)),
      ...named("edges", diffKeyed(this.#shown.edges, next.edges)),
      ...named("findings", diffKeyed(this.#shown.findings, next.findings)),
      ...named("passed", diffKeyed(this.#shown.passed, next.passed)),
    };
    const shows = Object.keys(parts).length > 0;
    // What moves with every sweep (durations, the time of the last one) rides along, or waits until it is worth a message of its own.
    const due = shows || this.#at - this.#shownAt >= quietMs;
    const probes = this.#probeChange(due);
    const info = infoDiffers(this.#shownInfo, this.#info, due || probes !== undefined) ? this.#info : undefined;
    if (!shows && !info && !probes) return undefined;
    if (shows) this.#spark.add(this.#at);
    this.#shown = next;
    this.#shownProbes = applyKeyed(this.#shownProbes, probes, (report) => report.id);
    this.#shownInfo = info ?? this.#shownInfo;
    this.#shownAt = this.#at;
    this.#seq++;
    const delta: HostDelta = {
      host: this.#info.id,
      epoch: this.epoch,
      seq: this.#seq,
      at: this.#at,
      ...(info ? { info } : {}),
      ...parts,
      ...named("probes", probes),
    };
    this.#ring.push(delta);
    if (this.#ring.length > ringLength) this.#ring.shift();
    return delta;
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

function named<K extends string, T>(name: K, part: Part<T> | undefined): { [P in K]?: Part<T> } {
  return (part ? { [name]: part } : {}) as { [P in K]?: Part<T> };
}

function infoDiffers(shown: HostInfo, now: HostInfo, due: boolean): boolean {
  return !sameJson(shown, due ? now : { ...now, seenAt: shown.seenAt });
}

/** What could not be judged has a time of its own: the fault that was there before keeps its. */
const timeKey = (finding: { readonly key: string; readonly status: string }): string =>
  finding.status === "unknown" ? `?${finding.key}` : finding.key;

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
