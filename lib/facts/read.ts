import type { ProbeOutcome } from "../probes/define";

/** A value that was read from a host, or the reason why it was not. Times are Unix milliseconds of the collector's clock. */
export type Read<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** When the reading had ended. */
      readonly at: number;
      /** How long it took; missing where nobody measured it (facts of a file). */
      readonly ms?: number;
    }
  | {
      readonly ok: false;
      readonly why: Exclude<ProbeOutcome, "ok"> | "not-yet";
      readonly detail: string;
      readonly at: number;
    };

/** Thrown when a check or pass asks for a fact that was not read; the engine turns it into *unknown, because*. */
export class Unread extends Error {
  override readonly name = "Unread";
  constructor(
    readonly probe: string,
    readonly why: string,
    readonly detail: string,
  ) {
    // An answer, not an accident: on a host where much is not to be read it is given hundreds of times a sweep, and a stack trace is most of its price.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(`${probe}: ${why}${detail ? ` (${detail})` : ""}`);
    Error.stackTraceLimit = limit;
  }
}
