import type { FactOf, ProbeId } from "../../probes/registry";
import type { FleetSegment } from "../segment";
import type { HostNow } from "../summary";

/** Values by host, told to that host's engine as the fact of a probe. */
interface Telling<P extends ProbeId> {
  readonly id: string;
  readonly tells: P;
  start(): FleetWork<FactOf<P>>;
}

/** Values by their own ids, shown on the pages. */
interface Showing {
  readonly id: string;
  readonly tells?: undefined;
  start(): FleetWork<FleetSegment>;
}

/**
 * Something that is worked out over all hosts of the fleet from their summaries, and kept up to date host by host:
 * what a change costs follows what it touches, not the size of the fleet. Each file in this folder exports exactly
 * one, as `pass`.
 */
export type FleetPass = Telling<ProbeId> | Showing;

/** The state of a pass. Nothing in it does I/O or asks a clock. */
export interface FleetWork<T> {
  /** Takes what a host shows now; undefined: it was removed. */
  take(host: string, now: HostNow | undefined): void;
  /** Values that are another since this was last asked, by key; undefined: there is none any more. */
  changed(): ReadonlyMap<string, T | undefined>;
}
