import { type Facts, fact, factIfRead, factOrAbsent } from "../facts/facts";
import { Unread } from "../facts/read";
import { selfKind } from "../graph/kinds";
import type { GraphEdge, GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { FactOf, ProbeId } from "../probes/registry";
import { fill } from "../wording";
import type { Check, CheckView, Sample, Verdict } from "./define";
import type { Finding } from "./finding";
import { remediesOf } from "./remedies";

/** What all evaluations of one reading share. */
export interface Reading {
  readonly host: string;
  readonly now: number;
  readonly graph: GraphView;
  readonly facts: Facts;
  /** Operator's thresholds, by `<check>.<setting>`. */
  readonly settings: Readonly<Record<string, number>>;
}

/** Gives the samples of one track of one subject, oldest first. */
export type Samples = (check: string, track: string, subject: string) => readonly Sample[];

/** Told of everything that an evaluation reads beside its subject. */
export interface Watch {
  /** The graph as this evaluation is to see it: it notes what is read. */
  readonly graph: GraphView;
  /** Asked for a fact, and so for whether it could be read. */
  asked(probe: ProbeId): void;
  /** Looked at how it was read, and not only at what is in it. */
  took(probe: ProbeId): void;
  /** Is given what is in it. Returns the fact as this evaluation is to see it: a list may be one that tells what of it is read. */
  given<P extends ProbeId>(probe: P, value: FactOf<P>): FactOf<P>;
  /** Looked at the clock. */
  timed(): void;
}

/** A finding before causes, impacts and its time are known. */
export type BareFinding = Omit<Finding, "since" | "cause" | "impacts">;

export type Outcome =
  | { readonly kind: "not-applicable" }
  | { readonly kind: "pass" }
  | { readonly kind: "finding"; readonly finding: BareFinding; readonly defect?: string };

export const findingKey = (check: string, subject: string): string => `${check}@${subject}`;

/**
 * Judges one subject by one check. Never throws: a fact that was not read makes it *unknown, because*; anything else that the check throws is a defect of ours, makes
 * it unknown as well and is handed out as `defect`, to be counted and logged.
 */
export function evaluate(
  check: Check,
  subject: GraphNode | GraphEdge,
  reading: Reading,
  samples: Samples,
  watch?: Watch,
): Outcome {
  const view = new View(check, subject.id, reading, samples, watch);
  let verdict: Verdict;
  let defect: string | undefined;
  try {
    verdict = check.evaluate(subject as GraphNode & GraphEdge, view);
  } catch (error) {
    if (error instanceof Unread) verdict = { status: "unknown", because: error.because };
    else {
      defect = error instanceof Error ? error.message : String(error);
      verdict = { status: "unknown", because: { en: `check failed: ${defect}`, zh: `检查出错：${defect}` } };
    }
  }
  if (verdict === null) return { kind: "not-applicable" };
  if (verdict.status === "pass") return { kind: "pass" };
  const finding = toFinding(check, subject, verdict, view.thresholds);
  return { kind: "finding", finding, ...(defect === undefined ? {} : { defect }) };
}

/** What the check may look at. Reading a probe that it did not declare is an error of the check: its page and its remedy would not name what it rests upon. */
export function viewFor(check: Check, subject: string, reading: Reading, samples: Samples, watch?: Watch): CheckView {
  return new View(check, subject, reading, samples, watch);
}

/** An object of a class and no bundle of closures: there is one for each evaluation. */
class View implements CheckView {
  readonly host: string;
  readonly graph: GraphView;
  /** The thresholds that were asked for, by name; undefined where none was. */
  thresholds: Record<string, number> | undefined;

  constructor(
    private readonly check: Check,
    private readonly subject: string,
    private readonly reading: Reading,
    private readonly book: Samples,
    private readonly watch: Watch | undefined,
  ) {
    this.host = reading.host;
    this.graph = watch?.graph ?? reading.graph;
  }

  get now(): number {
    this.watch?.timed();
    return this.reading.now;
  }

  fact<P extends ProbeId>(probe: P): FactOf<P> {
    this.#declared(probe);
    return this.#given(probe, fact(this.reading.facts, probe));
  }

  factOrAbsent<P extends ProbeId>(probe: P): FactOf<P> | undefined {
    this.#declared(probe);
    const value = factOrAbsent(this.reading.facts, probe);
    return value === undefined ? undefined : this.#given(probe, value);
  }

  factIfRead<P extends ProbeId>(probe: P): FactOf<P> | undefined {
    this.#declared(probe, true);
    const value = factIfRead(this.reading.facts, probe);
    return value === undefined ? undefined : this.#given(probe, value);
  }

  readAt(probe: ProbeId): { readonly at: number; readonly ms: number | undefined } | undefined {
    this.#declared(probe, true);
    this.watch?.took(probe);
    const read = this.reading.facts[probe];
    return read?.ok ? { at: read.at, ms: read.ms } : undefined;
  }

  samples(track: string): readonly Sample[] {
    const { track: tracks, id } = this.check;
    if (!tracks || !Object.hasOwn(tracks, track)) throw new Error(`${id} has no track ${track}`);
    return this.book(id, track, this.subject);
  }

  setting(name: string): number {
    const { id, settings } = this.check;
    const own = this.reading.settings[`${id}.${name}`];
    const value = own ?? (settings && Object.hasOwn(settings, name) ? settings[name]?.default : undefined);
    if (value === undefined) throw new Error(`${id} has no setting ${name}`);
    this.thresholds ??= {};
    this.thresholds[name] = value;
    return value;
  }

  #declared(probe: ProbeId, also = false): void {
    if (!this.check.needs.includes(probe) && !(also && this.check.optional?.includes(probe)))
      throw new Error(`${this.check.id} reads ${probe} without declaring it`);
    this.watch?.asked(probe);
  }

  #given<P extends ProbeId>(probe: P, value: FactOf<P>): FactOf<P> {
    return this.watch ? this.watch.given(probe, value) : value;
  }
}

/**
 * A check whose subjects cannot even be seen, because the facts that would show them were not read, is unknown on the host: else an unreadable
 * host would look healthy. Undefined where there are subjects, or nothing is missing.
 */
export function unseen(check: Check, reading: Reading): BareFinding | undefined {
  const host = reading.graph.ofKind(selfKind)[0];
  if (!host || check.subjects.includes(selfKind)) return undefined;
  const { graph, facts } = reading;
  const seen = check.subjects.some((kind) =>
    kind.startsWith("edge:")
      ? graph.edgesOfKind(kind.slice(5) as GraphEdge["kind"]).length > 0
      : graph.ofKind(kind as GraphNode["kind"]).length > 0,
  );
  if (seen) return undefined;
  for (const probe of check.needs) {
    const read = facts[probe];
    if (read === undefined || (!read.ok && read.why !== "absent")) {
      const why = read ? new Unread(probe, read.why, read.detail) : new Unread(probe, "not-yet");
      return toFinding(check, host, { status: "unknown", because: why.because });
    }
  }
  return undefined;
}

function toFinding(
  check: Check,
  subject: GraphNode | GraphEdge,
  verdict: Exclude<Verdict, null | { status: "pass" }>,
  thresholds?: Readonly<Record<string, number>>,
): BareFinding {
  const key = findingKey(check.id, subject.id);
  // One flat literal: on a host that is read without root there are hundreds of these, and spreading a base into them took a seventh of all evaluation.
  if (verdict.status === "unknown")
    return {
      key,
      check: check.id,
      layer: check.layer,
      host: subject.host,
      subject: subject.id,
      status: "unknown",
      message: `${check.title.en}: unknown`,
      params: {},
      evidence: [],
      breaks: [],
      cuts: false,
      alsoOn: [],
      because: verdict.because,
    };
  const isEdge = "from" in subject;
  const remedies = remediesOf.get(check.id);
  return {
    key,
    check: check.id,
    layer: check.layer,
    host: subject.host,
    subject: subject.id,
    status: verdict.status,
    message: fill(check.message, "en", verdict.params),
    params: { ...verdict.params },
    evidence: [...verdict.evidence],
    breaks: [...(verdict.breaks ?? (isEdge && verdict.status === "fail" ? [subject.id] : []))],
    cuts: verdict.cuts ?? (verdict.status === "fail" && !isEdge),
    alsoOn: [...(verdict.alsoOn ?? [])],
    ...(remedies === undefined ? {} : { remedies: [...remedies] }),
    ...(thresholds === undefined ? {} : { thresholds: { ...thresholds } }),
  };
}
