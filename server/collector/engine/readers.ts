import type { Check, CheckTrack } from "@/lib/checks/define";
import { findingKey, type Reading, type Watch } from "@/lib/checks/evaluate";
import { type ListWatch, watchedList } from "@/lib/facts/watched";
import type { GraphView } from "@/lib/graph/view";
import type { FactOf, ProbeId } from "@/lib/probes/registry";
import { type Deps, Reader } from "./deps";
import { isKeyed } from "./keyed";

/** One check's word on one subject, with what it was read from. */
export class Verdict extends Reader {
  /** What stands now because of it: its check among those that pass, or a finding. */
  passes = false;
  found = false;

  constructor(
    readonly state: CheckState,
    readonly subject: string,
  ) {
    super();
  }

  /** Key of the finding that it would be: most are never asked for it. */
  get key(): string {
    return findingKey(this.state.check.id, this.subject);
  }
}

/** The samples that one check takes of one subject. */
export class Sampler extends Reader {
  /** What it read has changed while no sample was due. */
  owed = false;

  constructor(
    readonly state: CheckState,
    readonly subject: string,
  ) {
    super();
  }
}

/** What is known of a check from its evaluations so far. */
export interface CheckState {
  readonly check: Check;
  readonly tracks: readonly (readonly [string, CheckTrack])[];
  /** By subject. */
  readonly verdicts: Map<string, Verdict>;
  /** Probes that any of its evaluations asked for: whether they could be read is part of what was read. */
  readonly asked: Set<ProbeId>;
  /** Those of which any evaluation read something, entries of lists with a key apart. */
  readonly took: Set<ProbeId>;
  /** Verdicts that depend on the time: asked again with each reading of what the check needs, or, where it takes no samples, with every change of it. */
  readonly timed: Set<Verdict>;
  /** Who takes samples, by subject; and the probes that are read for them, apart from single entries. */
  readonly samplers: Map<string, Sampler>;
  readonly sampled: Set<ProbeId>;
}

/** Notes what one evaluation or one sample reads. */
abstract class Tracking<R extends Verdict | Sampler> implements Watch {
  readonly graph: GraphView;
  /** Lists with a key, as this reader sees them. */
  #lists: Map<ProbeId, unknown> | undefined;

  constructor(
    readonly reader: R,
    readonly deps: Deps,
    reading: Reading,
  ) {
    this.graph = deps.view(reading.graph, reader);
  }

  given<P extends ProbeId>(probe: P, value: FactOf<P>): FactOf<P> {
    if (!isKeyed(probe) || !Array.isArray(value)) {
      this.took(probe);
      return value;
    }
    this.#lists ??= new Map();
    let list = this.#lists.get(probe) as FactOf<P> | undefined;
    if (!list) {
      list = watchedList(value as readonly unknown[], this.#watch(probe)) as FactOf<P>;
      this.#lists.set(probe, list);
    }
    return list;
  }

  #watch(probe: ProbeId): ListWatch {
    const { deps, reader } = this;
    return { whole: () => reader.note(deps.entries(probe)), entry: (name) => reader.note(deps.entry(probe, name)) };
  }

  abstract asked(probe: ProbeId): void;
  abstract took(probe: ProbeId): void;
  abstract timed(): void;
}

/** Notes what a verdict rests upon. */
export class TrackingVerdict extends Tracking<Verdict> {
  asked(probe: ProbeId): void {
    this.reader.state.asked.add(probe);
  }

  took(probe: ProbeId): void {
    this.reader.state.took.add(probe);
  }

  timed(): void {
    this.reader.state.timed.add(this.reader);
  }
}

/** Notes what one sample is made of. */
export class TrackingSample extends Tracking<Sampler> {
  asked(probe: ProbeId): void {
    this.reader.state.sampled.add(probe);
  }

  took(): void {
    // Asked for is enough: of all but lists with a key a sample is made anew with each reading.
  }

  timed(): void {
    // A sample is of the time at which it is taken.
  }
}
