import type { Check, Sample, SubjectKind } from "@/lib/checks/define";
import { type BareFinding, evaluate, findingKey, type Reading, unseen, viewFor } from "@/lib/checks/evaluate";
import { sameJson } from "@/lib/facts/equal";
import { Unread } from "@/lib/facts/read";
import type { GraphEdge, GraphNode, Json } from "@/lib/graph/model";
import type { ProbeId } from "@/lib/probes/registry";
import type { FactChange } from "./changes";
import type { Touched } from "./touched";

/** What the checks say now, kept between readings: each verdict is asked for again only when something that it looks at has changed. */
export class Judge {
  readonly #checks: readonly Check[];
  /** Findings by key. */
  readonly findings = new Map<string, BareFinding>();
  /** Checks that pass, by subject. */
  readonly passed = new Map<string, Set<string>>();
  /** Checks and passes that threw something else than Unread: how often, and what last. Defects of ours, to be logged. */
  readonly defects = new Map<string, { count: number; last: string }>();
  /** Subjects judged so far, by check. */
  readonly #judged = new Map<string, Set<string>>();
  readonly #samples: SampleBook;
  /** Evaluations of the last reading, for tests and benches. */
  evaluated = 0;

  constructor(checks: readonly Check[], memory: Json | undefined) {
    this.#checks = checks;
    this.#samples = new SampleBook(memory);
  }

  /** Judges again what the changes touch. Returns true when a finding or a passed check is different. */
  judge(reading: Reading, read: readonly ProbeId[], changes: readonly FactChange[], touched: Touched): boolean {
    const changed = new Set<ProbeId>(changes.map((change) => change.probe));
    this.evaluated = 0;
    let different = false;
    for (const check of this.#checks) {
      const sampled = this.#sample(check, reading, read);
      const declared = check.optional ? [...check.needs, ...check.optional] : check.needs;
      const concerned = declared.filter((probe) => changed.has(probe));
      const all =
        sampled ||
        (check.reach === "host" || check.reach === "fleet"
          ? concerned.length > 0 || touched.graphChanged
          : concerned.some((probe) => touched.everything(probe)));
      const subjects = all
        ? subjectsOf(check, reading)
        : touched.subjects(concerned, check.reach === "neighbours", check.subjects);
      for (const subject of subjects) different = this.#one(check, subject, reading) || different;
      different = this.#forget(check, reading) || different;
      different = this.#unseen(check, reading) || different;
    }
    return different;
  }

  /** Counts a failure of our own code. */
  defect(unit: string, last: string): void {
    this.defects.set(unit, { count: (this.defects.get(unit)?.count ?? 0) + 1, last });
  }

  memory(): Json {
    return this.#samples.dump();
  }

  #one(check: Check, subject: GraphNode | GraphEdge, reading: Reading): boolean {
    this.evaluated++;
    const outcome = evaluate(check, subject, reading, (id, track, of) => this.#samples.of(id, track, of));
    const judged = this.#judged.get(check.id);
    if (judged) judged.add(subject.id);
    else this.#judged.set(check.id, new Set([subject.id]));
    if (outcome.kind === "finding" && outcome.defect !== undefined) this.defect(check.id, outcome.defect);
    const passes = this.#setPassed(check.id, subject.id, outcome.kind === "pass");
    return (
      this.#setFinding(findingKey(check.id, subject.id), outcome.kind === "finding" ? outcome.finding : undefined) ||
      passes
    );
  }

  #setFinding(key: string, finding: BareFinding | undefined): boolean {
    const before = this.findings.get(key);
    if (finding === undefined) return this.findings.delete(key);
    if (before && sameJson(before, finding)) return false;
    this.findings.set(key, finding);
    return true;
  }

  #setPassed(check: string, subject: string, passes: boolean): boolean {
    const known = this.passed.get(subject);
    if (passes) {
      if (known?.has(check)) return false;
      // A new set each time: whoever holds the old one still holds the old state.
      this.passed.set(subject, new Set([...(known ?? []), check]));
      return true;
    }
    if (!known?.has(check)) return false;
    const rest = new Set(known);
    rest.delete(check);
    if (rest.size > 0) this.passed.set(subject, rest);
    else this.passed.delete(subject);
    return true;
  }

  /** Drops verdicts on subjects that are no longer there. */
  #forget(check: Check, reading: Reading): boolean {
    let different = false;
    for (const id of this.#judged.get(check.id) ?? []) {
      if (reading.graph.nodes.has(id) || reading.graph.edges.has(id)) continue;
      this.#judged.get(check.id)?.delete(id);
      different = this.#setPassed(check.id, id, false) || different;
      different = this.#setFinding(findingKey(check.id, id), undefined) || different;
      this.#samples.forget(check.id, id);
    }
    return different;
  }

  #unseen(check: Check, reading: Reading): boolean {
    const host = reading.graph.ofKind("host")[0];
    if (!host || check.subjects.includes("host")) return false;
    return this.#setFinding(findingKey(check.id, host.id), unseen(check, reading));
  }

  /** Takes a sample of each subject where facts of the check were read again. Returns true when it took any. */
  #sample(check: Check, reading: Reading, read: readonly ProbeId[]): boolean {
    if (!check.track || !check.needs.some((probe) => read.includes(probe))) return false;
    for (const [track, { windowMs, sample }] of Object.entries(check.track))
      for (const subject of subjectsOf(check, reading)) {
        try {
          const view = viewFor(check, subject.id, reading, (id, name, of) => this.#samples.of(id, name, of));
          const value = sample(subject, view);
          if (value !== undefined) this.#samples.add(check.id, track, subject.id, { at: reading.now, value }, windowMs);
        } catch (error) {
          // Not read: no sample; `evaluate` says so. Anything else is a defect and must be seen.
          if (error instanceof Unread) continue;
          this.defect(check.id, String(error));
        }
      }
    return true;
  }
}

function* subjectsOf(check: Check, reading: Reading): Generator<GraphNode | GraphEdge> {
  for (const kind of check.subjects) yield* ofKind(kind, reading);
}

function ofKind(kind: SubjectKind, reading: Reading): readonly (GraphNode | GraphEdge)[] {
  return kind.startsWith("edge:")
    ? reading.graph.edgesOfKind(kind.slice(5) as GraphEdge["kind"])
    : reading.graph.ofKind(kind as GraphNode["kind"]);
}

/** Samples by check, track and subject. A run of equal values keeps its first and last sample only: nothing is lost of a counter that stands still. */
class SampleBook {
  readonly #rows = new Map<string, Sample[]>();

  constructor(memory: Json | undefined) {
    if (!Array.isArray(memory)) return;
    for (const row of memory as readonly Json[]) {
      if (!Array.isArray(row)) continue;
      const [key, ...numbers] = row as readonly Json[];
      if (typeof key !== "string") continue;
      const samples: Sample[] = [];
      for (let at = 0; at + 1 < numbers.length; at += 2) {
        const [time, value] = [numbers[at], numbers[at + 1]];
        if (typeof time === "number" && typeof value === "number") samples.push({ at: time, value });
      }
      this.#rows.set(key, samples);
    }
  }

  of(check: string, track: string, subject: string): readonly Sample[] {
    return this.#rows.get(rowKey(check, track, subject)) ?? [];
  }

  add(check: string, track: string, subject: string, sample: Sample, windowMs: number): void {
    const key = rowKey(check, track, subject);
    const row = this.#rows.get(key) ?? [];
    const [before, last] = row.slice(-2);
    if (before && last && before.value === sample.value && last.value === sample.value) row.pop();
    row.push(sample);
    // The newest sample before the window stays: it says what the value was when the window began.
    while (row.length > 2 && (row[1]?.at ?? 0) < sample.at - windowMs) row.shift();
    this.#rows.set(key, row);
  }

  forget(check: string, subject: string): void {
    for (const key of this.#rows.keys())
      if (key.startsWith(`${check}\n`) && key.endsWith(`\n${subject}`)) this.#rows.delete(key);
  }

  dump(): Json {
    return [...this.#rows].map(([key, samples]) => [key, ...samples.flatMap(({ at, value }) => [at, value])]);
  }
}

const rowKey = (check: string, track: string, subject: string): string => `${check}\n${track}\n${subject}`;
