import type { Check, SubjectKind } from "@/lib/checks/define";
import { type BareFinding, evaluate, findingKey, type Reading, unseen, viewFor } from "@/lib/checks/evaluate";
import { sameJson } from "@/lib/facts/equal";
import type { Facts } from "@/lib/facts/facts";
import { Unread } from "@/lib/facts/read";
import { selfKind } from "@/lib/graph/kinds";
import type { GraphEdge, GraphNode, Json } from "@/lib/graph/model";
import type { ProbeId } from "@/lib/probes/registry";
import { readAgain } from "./changes";
import { Deps } from "./deps";
import { isKeyed } from "./keyed";
import { type CheckState, Sampler, TrackingSample, TrackingVerdict, Verdict } from "./readers";
import { SampleBook } from "./samples";
import type { Touched } from "./touched";

/** What has been read. */
interface Read {
  readonly read: readonly ProbeId[];
  /** Probes of which all was read, and not only what an event told of one interface. */
  readonly swept: readonly ProbeId[];
  readonly touched: Touched;
  /** Those who read an interface that was read again, or a part of the graph that changed. */
  readonly samplers: ReadonlySet<Sampler>;
}

const nobody: readonly string[] = [];

/** What the last reading made different. */
export interface Judged {
  /** Keys of findings that are new, different or gone. */
  readonly findings: ReadonlySet<string>;
  /** Subjects on which other checks pass than before. */
  readonly passed: ReadonlySet<string>;
}

/**
 * What the checks say now, kept between readings. Each verdict is asked for again only when something has changed that it has read: nodes, edges and single interfaces are
 * noted by verdict (see Deps), other facts by check.
 */
export class Judge {
  readonly #states: readonly CheckState[];
  readonly #byKind = new Map<SubjectKind, CheckState[]>();
  readonly #deps = new Deps();
  /** Findings by key. */
  readonly findings = new Map<string, BareFinding>();
  /** Checks that pass, by subject. */
  readonly passed = new Map<string, Set<string>>();
  /** Checks and passes that threw something else than Unread: how often, and what last. Defects of ours, to be logged. */
  readonly defects = new Map<string, { count: number; last: string }>();
  readonly #samples: SampleBook;
  readonly #samplesOf = (id: string, track: string, of: string) => this.#samples.of(id, track, of);
  #changedFindings = new Set<string>();
  #changedPassed = new Set<string>();
  #first = true;
  /** Evaluations of the last reading, for tests and benches. */
  evaluated = 0;

  constructor(checks: readonly Check[], memory: Json | undefined) {
    this.#states = checks.map((check) => ({
      check,
      tracks: Object.entries(check.track ?? {}),
      verdicts: new Map(),
      asked: new Set(),
      took: new Set(),
      timed: new Set(),
      samplers: new Map(),
      sampled: new Set(),
    }));
    for (const state of this.#states)
      for (const kind of state.check.subjects) {
        const list = this.#byKind.get(kind);
        if (list) list.push(state);
        else this.#byKind.set(kind, [state]);
      }
    this.#samples = new SampleBook(memory);
  }

  /** Judges again what the changes touch. `facts`: what was read, changed or not, as it was read. `before`: the facts of the last reading. */
  judge(reading: Reading, facts: Facts, touched: Touched, before: Facts): Judged {
    const read = Object.keys(facts) as ProbeId[];
    this.evaluated = 0;
    this.#changedFindings = new Set();
    this.#changedPassed = new Set();
    this.#forget(touched.gone);
    const dirty = new Map<CheckState, Set<string>>();
    const add = (state: CheckState, subject: string): void => {
      const list = dirty.get(state);
      if (list) list.add(subject);
      else dirty.set(state, new Set([subject]));
    };
    const samplers = new Set<Sampler>();
    for (const reader of this.#deps.readersOf(touched, reading.graph))
      if (reader instanceof Sampler) samplers.add(reader);
      else if (reader instanceof Verdict) add(reader.state, reader.subject);
    // A fact of which something was read by the way, and not as a whole, has told nothing new of the rest.
    const partly = new Set<ProbeId>();
    for (const probe of read) {
      const names = isKeyed(probe) ? readAgain(before[probe], facts[probe]) : undefined;
      // Where all were read again, every sampler that reads entries has its turn in any case.
      if (!names) continue;
      partly.add(probe);
      for (const reader of this.#deps.readersOfEntries(probe, names))
        if (reader instanceof Sampler) samplers.add(reader);
    }
    const swept = partly.size === 0 ? read : read.filter((probe) => !partly.has(probe));
    for (const id of touched.nodes) {
      const kind = reading.graph.node(id)?.kind;
      if (kind) for (const state of this.#byKind.get(kind) ?? []) add(state, id);
    }
    for (const id of touched.edges) {
      const kind = reading.graph.edge(id)?.kind;
      if (kind) for (const state of this.#byKind.get(`edge:${kind}`) ?? []) add(state, id);
    }
    const moved = this.#first || touched.moved;
    const readability = touched.changes.some((change) => change.status);
    for (const state of this.#states) {
      for (const subject of this.#sample(state, reading, { read, swept, touched, samplers })) add(state, subject);
      const all = this.#first || concernsAll(state, touched);
      if (all) for (const subject of subjectsOf(state.check, reading)) this.#one(state, subject, reading);
      else {
        for (const subject of overdue(state, touched, swept)) add(state, subject);
        for (const id of dirty.get(state) ?? []) {
          const subject = reading.graph.node(id) ?? reading.graph.edge(id);
          if (subject) this.#one(state, subject, reading);
        }
      }
      // Who has no subject, and whether the missing facts are the reason, changes only with these.
      if (moved || (readability && state.check.needs.some((probe) => touched.status(probe))))
        this.#unseen(state.check, reading);
    }
    this.#first = false;
    return { findings: this.#changedFindings, passed: this.#changedPassed };
  }

  /** Judges every subject of these checks again, by the facts of the last reading: their thresholds are others. A threshold is read by all verdicts of a check, so none is noted. */
  again(reading: Reading, checks: ReadonlySet<string>): Judged {
    this.evaluated = 0;
    this.#changedFindings = new Set();
    this.#changedPassed = new Set();
    for (const state of this.#states)
      if (checks.has(state.check.id))
        for (const subject of subjectsOf(state.check, reading)) this.#one(state, subject, reading);
    return { findings: this.#changedFindings, passed: this.#changedPassed };
  }

  /** Counts a failure of our own code. */
  defect(unit: string, last: string): void {
    this.defects.set(unit, { count: (this.defects.get(unit)?.count ?? 0) + 1, last });
  }

  memory(): Json {
    return this.#samples.dump();
  }

  /** The check of this finding's key passes on its subject. */
  passes(key: string): boolean {
    const end = key.indexOf("@");
    return this.passed.get(key.slice(end + 1))?.has(key.slice(0, end)) ?? false;
  }

  /** Drops samples of what is not there and was not seen to go: of checks and subjects of an earlier engine. */
  tidy(): void {
    const states = new Map(this.#states.map((state) => [state.check.id, state]));
    this.#samples.keep((check, subject) => states.get(check)?.verdicts.has(subject) ?? false);
  }

  #one(state: CheckState, subject: GraphNode | GraphEdge, reading: Reading): void {
    this.evaluated++;
    const { check } = state;
    let verdict = state.verdicts.get(subject.id);
    if (verdict) verdict.begin();
    else {
      verdict = new Verdict(state, subject.id);
      state.verdicts.set(subject.id, verdict);
    }
    state.timed.delete(verdict);
    const outcome = evaluate(
      check,
      subject,
      reading,
      this.#samplesOf,
      new TrackingVerdict(verdict, this.#deps, reading),
    );
    if (outcome.kind === "finding" && outcome.defect !== undefined) this.defect(check.id, outcome.defect);
    this.#stands(verdict, outcome.kind === "pass", outcome.kind === "finding" ? outcome.finding : undefined);
  }

  /** Most verdicts are what they were: nothing is looked up for them. */
  #stands(verdict: Verdict, passes: boolean, finding: BareFinding | undefined): void {
    if (passes !== verdict.passes) this.#setPassed(verdict.state.check.id, verdict.subject, passes);
    verdict.passes = passes;
    if (verdict.found || finding) this.#setFinding(verdict.key, finding);
    verdict.found = finding !== undefined;
  }

  #setFinding(key: string, finding: BareFinding | undefined): void {
    const before = this.findings.get(key);
    if (finding === undefined) {
      if (!this.findings.delete(key)) return;
    } else {
      if (before && sameJson(before, finding)) return;
      this.findings.set(key, finding);
    }
    this.#changedFindings.add(key);
  }

  #setPassed(check: string, subject: string, passes: boolean): void {
    const known = this.passed.get(subject);
    if (passes === (known?.has(check) ?? false)) return;
    this.#changedPassed.add(subject);
    if (passes) {
      if (known) known.add(check);
      else this.passed.set(subject, new Set([check]));
      return;
    }
    known?.delete(check);
    if (known?.size === 0) this.passed.delete(subject);
  }

  /** Drops verdicts on subjects that are no longer there. */
  #forget(gone: readonly string[]): void {
    if (gone.length === 0) return;
    for (const state of this.#states)
      for (const id of gone) {
        const verdict = state.verdicts.get(id);
        if (!verdict) continue;
        verdict.forget();
        state.verdicts.delete(id);
        state.timed.delete(verdict);
        state.samplers.get(id)?.forget();
        state.samplers.delete(id);
        this.#stands(verdict, false, undefined);
        this.#samples.forget(state.check.id, id);
      }
    this.#deps.sweep();
  }

  #unseen(check: Check, reading: Reading): void {
    const host = reading.graph.ofKind(selfKind)[0];
    if (!host || check.subjects.includes(selfKind)) return;
    this.#setFinding(findingKey(check.id, host.id), unseen(check, reading));
  }

  /**
   * Takes samples of a check where its facts were read again: of each subject for which something was read that its sample is made of. And of a subject that is new, from what was
   * read before: a gateway is known only once routes are, which may be after it was asked. Returns those subjects.
   */
  #sample(state: CheckState, reading: Reading, { read, swept, touched, samplers }: Read): readonly string[] {
    const { check } = state;
    if (state.tracks.length === 0) return nobody;
    // What a sample is made of may be read apart from what the check needs, and need not be needed by it: a counter that nobody sampled would never grow.
    const due = read.some((probe) => state.sampled.has(probe) || check.needs.includes(probe));
    const isNudged = (sampler: Sampler): boolean => samplers.has(sampler) || touched.has(sampler.subject);
    // While nobody has asked for a fact, no reading is known to be worth a sample: who would ask now has to be remembered until something is due.
    if (!due && state.sampled.size === 0)
      for (const sampler of state.samplers.values()) if (isNudged(sampler)) sampler.owed = true;
    if (!due && !touched.moved) return nobody;
    const all = swept.some((probe) => state.sampled.has(probe));
    const done: string[] = [];
    for (const subject of subjectsOf(check, reading)) {
      let sampler = state.samplers.get(subject.id);
      const isNew = sampler === undefined;
      if (sampler && (!due || !(all || sampler.owed || isNudged(sampler)))) continue;
      if (sampler) {
        sampler.begin();
        sampler.owed = false;
      } else {
        sampler = new Sampler(state, subject.id);
        state.samplers.set(subject.id, sampler);
      }
      done.push(subject.id);
      const view = viewFor(
        check,
        subject.id,
        reading,
        this.#samplesOf,
        new TrackingSample(sampler, this.#deps, reading),
      );
      for (const [track, { windowMs, sample }] of state.tracks)
        try {
          const value = sample(subject, view);
          const isRead = !isNew || read.some((probe) => state.sampled.has(probe));
          const at = isRead ? reading.now : readAt(state.sampled, reading);
          if (value !== undefined) this.#samples.add(check.id, track, subject.id, { at, value }, windowMs);
        } catch (error) {
          // Not read: no sample; `evaluate` says so. Anything else is a defect and must be seen.
          if (error instanceof Unread) continue;
          this.defect(check.id, String(error));
        }
    }
    return done;
  }
}

/** Every subject of the check has to be judged again. */
function concernsAll({ asked, took }: CheckState, touched: Touched): boolean {
  // A change that names nothing concerns whoever asked.
  for (const { probe, names } of touched.changes)
    if (took.has(probe) || (names === undefined && asked.has(probe))) return true;
  return false;
}

/** Subjects that have to be judged again because time has passed. */
function overdue({ check, asked, timed }: CheckState, touched: Touched, swept: readonly ProbeId[]): readonly string[] {
  if (timed.size === 0) return nobody;
  const due = check.track
    ? check.needs.some((probe) => swept.includes(probe))
    : touched.graphChanged || [...asked].some((probe) => touched.fact(probe));
  return due ? [...timed].map((verdict) => verdict.subject) : [];
}

/** When the oldest of these was read. */
const readAt = (probes: ReadonlySet<ProbeId>, { facts, now }: Reading): number =>
  Math.min(now, ...[...probes].flatMap((probe) => facts[probe]?.at ?? []));

function* subjectsOf(check: Check, reading: Reading): Generator<GraphNode | GraphEdge> {
  for (const kind of check.subjects) yield* ofKind(kind, reading);
}

function ofKind(kind: SubjectKind, reading: Reading): readonly (GraphNode | GraphEdge)[] {
  return kind.startsWith("edge:")
    ? reading.graph.edgesOfKind(kind.slice(5) as GraphEdge["kind"])
    : reading.graph.ofKind(kind as GraphNode["kind"]);
}
