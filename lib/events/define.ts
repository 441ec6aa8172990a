import type { Facts } from "../facts/facts";
import type { Platform } from "../probes/define";
import type { FactOf, ProbeId } from "../probes/registry";
import type { Wording } from "../wording";

/** News that every source has beside its own: something passed unseen, and nobody knows what. */
export const gap = "gap";

/** One line of a source, and the news that it brings on a host of which nothing is known yet. */
export interface EventExample {
  readonly line: string;
  readonly news: readonly string[];
}

/** What lines change in a fact before it is read again. */
export interface Patch<E, P extends ProbeId = ProbeId> {
  readonly probe: P;
  /** Whether this event can change the fact. */
  concerns(event: E): boolean;
  /**
   * The fact with these events applied; the same object where they change nothing. Takes over only what a line says without doubt. An event may come twice:
   * it states how things are, not what was added.
   */
  apply(value: FactOf<P>, events: readonly E[]): FactOf<P>;
}

/**
 * Something on a host that prints a line when things change. A source says what its lines mean: *news*, by name. A probe says which news make it out of date (`rereadOn` in
 * lib/probes/define.ts). So neither knows the other, and a new one of either is one file.
 */
export interface EventSource<Id extends string = string, E = unknown, P extends ProbeId = ProbeId> {
  readonly id: Id;
  readonly title: Wording;
  /** Platform whose hosts have it. */
  readonly on: Platform;
  /**
   * POSIX sh, a constant: runs until the connection ends; each line that it prints is an event. In reach: `tp_missing REASON` (not on this host; is not tried again),
   * `tp_failed REASON` (not now; is tried again), `tp_flat TEXT` (as one line), and the variables `TP_ROOT` (direct, sudo, none) and `TP_KILL`. Run nothing by sudo
   * where TP_KILL is not `yes`: it could not be ended again.
   */
  readonly script: string;
  /** All news that `news` may name, beside `gap`. */
  readonly tells: readonly string[];
  /** A host on which this probe is not read does not miss the source: without libvirt nobody waits for its events. */
  readonly onlyWith?: ProbeId;
  /** Reads one line. Pure; never throws: names and texts are the host's, and another version of a tool may say more. */
  parse(line: string): E;
  /** What the event makes out of date. `facts`: as they are before it. */
  news(event: E, facts: Facts): readonly string[];
  readonly patches?: Patch<E, P>;
  /** Documentation of the format. */
  readonly sources: readonly string[];
  readonly examples: readonly EventExample[];
}

/** Declares an event source; exists for its types. Each file in this folder exports at most one, as `source`. */
export function defineSource<const Id extends string, E, P extends ProbeId = ProbeId>(
  source: EventSource<Id, E, P>,
): EventSource<Id, E, P> {
  return source;
}
