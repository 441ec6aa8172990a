import type { ProbeOutcome } from "../probes/define";
import type { Wording } from "../wording";
import { notYetWord, outcomeWord } from "./outcomes";

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
  /** The reason for people. What stands in brackets is quoted: what the tool itself said, or the reader of its output. */
  readonly because: Wording;
  constructor(
    readonly probe: string,
    readonly why: Extract<Read<unknown>, { ok: false }>["why"],
    readonly detail = "",
  ) {
    // An answer, not an accident: on a host where much is not to be read it is given hundreds of times a sweep, and a stack trace is most of its price.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const word = why === "not-yet" ? notYetWord : outcomeWord[why];
    const because = {
      en: `${probe}: ${word.en}${detail ? ` (${detail})` : ""}`,
      zh: `${probe}：${word.zh}${detail ? `（${detail}）` : ""}`,
    };
    super(because.en);
    this.because = because;
    Error.stackTraceLimit = limit;
  }
}
