import type { Json } from "../graph/model";
import type { Occurrence } from "./problem";

/** A problem that comes back within this time after it went is the same one, and flaps; ms. */
export const flapMs = 10 * 60_000;

interface Kept extends Occurrence {
  /**
   * When it went; undefined while it is there, or may be: what cannot be judged now, or has a cause of its own now, has
   * not gone.
   */
  readonly goneAt?: number;
}

/**
 * Remembers of each problem when it came and went, so that one that flaps is told from a new one. Pure but for its own
 * state; asks no clock.
 */
export class Occurrences {
  readonly #kept = new Map<string, Kept>();

  /** @param memory what `dump` gave; anything else counts as nothing. */
  constructor(memory: Json | undefined) {
    if (!Array.isArray(memory)) return;
    for (const row of memory as readonly Json[]) {
      if (!Array.isArray(row)) continue;
      const [key, since, last, flaps, goneAt] = row as readonly Json[];
      if (typeof key !== "string" || typeof since !== "number" || typeof last !== "number") continue;
      if (typeof flaps !== "number") continue;
      this.#kept.set(key, { since, last, flaps, ...(typeof goneAt === "number" ? { goneAt } : {}) });
    }
  }

  /** The problem with this key is there, its head since then (Unix ms). */
  there(key: string, since: number): Occurrence {
    const before = this.#kept.get(key);
    if (before && before.goneAt === undefined) return before;
    const isSame = before?.goneAt !== undefined && since - before.goneAt <= flapMs;
    const now = isSame
      ? { since: before.since, last: since, flaps: before.flaps + 1 }
      : { since, last: since, flaps: 0 };
    this.#kept.set(key, now);
    return now;
  }

  /** Its head is mended, or the thing on which it stood is gone. */
  gone(key: string, at: number): void {
    const before = this.#kept.get(key);
    if (before && before.goneAt === undefined) this.#kept.set(key, { ...before, goneAt: at });
  }

  /** Nobody saw it go: should it come back, it has not been there all the time. */
  forget(key: string): void {
    this.#kept.delete(key);
  }

  /** Keys of problems that have not been seen to go. */
  *open(): Generator<string> {
    for (const [key, { goneAt }] of this.#kept) if (goneAt === undefined) yield key;
  }

  /** Drops what went too long ago to come back as the same. */
  prune(at: number): void {
    for (const [key, { goneAt }] of this.#kept)
      if (goneAt !== undefined && at - goneAt > flapMs) this.#kept.delete(key);
  }

  dump(): Json {
    return [...this.#kept].map(([key, { since, last, flaps, goneAt }]) =>
      goneAt === undefined ? [key, since, last, flaps] : [key, since, last, flaps, goneAt],
    );
  }
}
