import type { Check, Sample } from "@/lib/checks/define";
import { evaluate, findingKey, type Outcome, type Reading, unseen, type Watch } from "@/lib/checks/evaluate";
import type { SettingValues } from "@/lib/checks/settings";
import type { Facts } from "@/lib/facts/facts";
import type { GraphEdge, GraphNode, Json } from "@/lib/graph/model";
import type { ProbeOutcome } from "@/lib/probes/define";
import type { ProbeId } from "@/lib/probes/registry";
import type { Param } from "@/lib/wording";
import type { HostEngine } from "@/server/collector/engine/api";
import { SampleBook } from "@/server/collector/engine/samples";
import { Recorder, recordingView } from "./recorder";
import { UsageError } from "./targets";

/** A value that was read, and where it stood. */
export interface ReadValue {
  readonly path: string;
  readonly value: Json;
}

/** One fact that the check asked for: how its reading ended, and what of it was read. */
export interface ReadFact {
  readonly probe: string;
  readonly outcome: ProbeOutcome | "not-yet";
  /** What the probe said of itself where it did not end well. */
  readonly detail?: string;
  /** Unix ms at which the reading ended. */
  readonly at?: number;
  readonly values: readonly ReadValue[];
}

/** Why one check says what it says of one subject. Printed by `taproot explain --json` as it is. */
export interface Explanation {
  readonly version: 1;
  readonly check: string;
  readonly subject: string;
  readonly verdict: "pass" | "fail" | "warn" | "unknown" | "not-applicable";
  /** English, for fail and warn. */
  readonly message?: string;
  readonly params?: Readonly<Record<string, Param>>;
  /** Why it could not be judged. */
  readonly because?: Param;
  /** What our own code threw, where it did. */
  readonly defect?: string;
  readonly evidence: readonly { readonly command: string; readonly excerpt: string }[];
  readonly thresholds: Readonly<Record<string, number>>;
  readonly facts: readonly ReadFact[];
  /** Of the graph. Paths begin with the id of a node or an edge, without the host. */
  readonly graph: readonly ReadValue[];
  /** Samples of counters over time, by track. */
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  /** Key of the finding that explains this one. */
  readonly cause?: string;
  /** Keys of the findings that this one explains. */
  readonly explains: readonly string[];
  /** Ids of the guests that it cuts off. */
  readonly impacts: readonly string[];
}

/**
 * Judges one subject by one check once more, as the engine last did, and notes what the check reads.
 * @throws UsageError for a subject that is not there, is ambiguous, or is none of this check's.
 */
export function explain(engine: HostEngine, check: Check, wanted: string, settings: SettingValues): Explanation {
  const snapshot = engine.snapshot();
  const subject = subjectOf(engine, check, wanted);
  const book = new SampleBook(engine.memory().samples);
  const noted = new Noted(engine.facts, engine.graph);
  const reading: Reading = {
    host: snapshot.host.id,
    now: snapshot.at,
    graph: engine.graph,
    facts: noted.facts,
    settings,
  };
  const samples: Record<string, readonly Sample[]> = {};
  const outcome = isSubject(check, subject)
    ? evaluate(
        check,
        noted.watch.graph.node(subject.id) ?? noted.watch.graph.edge(subject.id) ?? subject,
        reading,
        (id, track, of) => (samples[track] = book.of(id, track, of)),
        noted.watch,
      )
    : unseenOutcome(check, reading);
  const key = findingKey(check.id, subject.id);
  const shown = snapshot.findings.find((finding) => finding.key === key);
  return {
    version: 1,
    check: check.id,
    subject: subject.id,
    ...verdictOf(outcome),
    // What it needs is listed in any case: much of it is read by way of the graph, which is made from it.
    facts: noted.read(check.needs),
    graph: noted.graph.values,
    samples,
    ...(shown?.cause === undefined ? {} : { cause: shown.cause }),
    explains: snapshot.findings.filter((finding) => finding.cause === key).map((finding) => finding.key),
    impacts: shown?.impacts ?? [],
  };
}

/** Everything that an evaluation is given, wrapped so that what it reads is noted. */
class Noted {
  readonly graph = new Recorder();
  readonly #recorders = new Map<ProbeId, Recorder>();
  readonly #asked = new Set<ProbeId>();
  readonly facts: Facts;
  readonly watch: Watch;

  constructor(
    private readonly all: Facts,
    view: HostEngine["graph"],
  ) {
    this.facts = Object.fromEntries(
      (Object.keys(all) as ProbeId[]).map((probe) => {
        const read = all[probe];
        const recorder = new Recorder();
        this.#recorders.set(probe, recorder);
        // A copy: an object that is frozen cannot be wrapped.
        return [probe, read?.ok ? { ...read, value: recorder.wrap(structuredClone(read.value), probe) } : read];
      }),
    ) as Facts;
    this.watch = {
      graph: recordingView(view, this.graph),
      asked: (probe) => this.#asked.add(probe),
      took: () => undefined,
      given: (_probe, value) => value,
      timed: () => undefined,
    };
  }

  /** The facts that were asked for, and these. */
  read(also: readonly ProbeId[]): ReadFact[] {
    return [...new Set([...this.#asked, ...also])].map((probe) => {
      const read = this.all[probe];
      return {
        probe,
        outcome: read === undefined ? "not-yet" : read.ok ? "ok" : read.why,
        ...(read === undefined || read.ok || read.detail === "" ? {} : { detail: read.detail }),
        ...(read === undefined ? {} : { at: read.at }),
        values: this.#recorders.get(probe)?.values ?? [],
      };
    });
  }
}

type Said = Pick<Explanation, "verdict" | "message" | "params" | "because" | "defect" | "evidence" | "thresholds">;

function verdictOf(outcome: Outcome): Said {
  if (outcome.kind !== "finding") return { verdict: outcome.kind, evidence: [], thresholds: {} };
  const { finding, defect } = outcome;
  return {
    verdict: finding.status,
    ...(finding.because === undefined ? { message: finding.message, params: finding.params } : {}),
    ...(finding.because === undefined ? {} : { because: finding.because }),
    ...(defect === undefined ? {} : { defect }),
    evidence: finding.evidence,
    thresholds: finding.thresholds ?? {},
  };
}

/** On the host, a check without subjects is unknown where the facts that would show them were not read. */
function unseenOutcome(check: Check, reading: Reading): Outcome {
  const finding = unseen(check, reading);
  return finding ? { kind: "finding", finding } : { kind: "not-applicable" };
}

const kindOf = (item: GraphNode | GraphEdge) => ("from" in item ? (`edge:${item.kind}` as const) : item.kind);
const isSubject = (check: Check, item: GraphNode | GraphEdge) => check.subjects.includes(kindOf(item));

/** The node or edge of this id, or of an id that ends so. */
function subjectOf(engine: HostEngine, check: Check, wanted: string): GraphNode | GraphEdge {
  const { graph } = engine;
  const all = [...graph.nodes.values(), ...graph.edges.values()];
  const exact = all.filter((item) => item.id === wanted);
  const found = exact.length > 0 ? exact : all.filter((item) => item.id.endsWith(`/${wanted}`));
  const [first, second] = found;
  const own = all.filter((item) => isSubject(check, item)).map((item) => item.id);
  const hint = own.length === 0 ? "it has none on this host" : `it judges: ${some(own)}`;
  if (!first) throw new UsageError(`${wanted}: no such node or edge in this capture. ${check.id}: ${hint}`);
  if (second) throw new UsageError(`${wanted}: could be any of ${some(found.map((item) => item.id))}`);
  if (!isSubject(check, first) && kindOf(first) !== "host")
    throw new UsageError(`${wanted}: ${check.id} does not judge a ${kindOf(first)}; ${hint}`);
  return first;
}

const most = 12;
const some = (ids: readonly string[]) =>
  ids.slice(0, most).join(", ") + (ids.length > most ? `, and ${ids.length - most} more` : "");
