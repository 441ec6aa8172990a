import { getHeapStatistics } from "node:v8";

/** What one host may have here at once, kept and under way, bytes as printed: the largest output known (a ruleset of 60 MB) beside all others. */
const hostMost = 100_663_296;
/** What one sweep of a host may say, thrown away or not, standard error included: such a ruleset as two tools print it. */
const sweepMost = 134_217_728;
/** What every host may have whatever the others do: a host of 60 guests says some 0.5 MB. */
const ownMost = 2_097_152;
/**
 * Bytes of memory that a byte of output takes at most while it is read: 250,000 nft rules, 64 MB, took 0.8 GB. What hosts have beyond their own share is drawn from one sum, which
 * leaves a quarter of the heap for all else.
 */
const memoryPerByte = 12;

/** What all hosts together may have beyond their own shares, bytes. */
export class SumBudget {
  #left: number;

  constructor(most = Math.floor((getHeapStatistics().heap_size_limit * 0.75) / memoryPerByte)) {
    this.#left = most;
  }

  /** False where that much is not left. */
  draw(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

export interface HostLimits {
  readonly host: number;
  readonly sweep: number;
  readonly own: number;
}
const limits: HostLimits = { host: hostMost, sweep: sweepMost, own: ownMost };

/** What one sweep may still say. */
export interface SweepBudget {
  /** Counts what has come; the reason why it is too much, where it is. */
  take(id: string, bytes: number): string | undefined;
  /**
   * An output has ended, of which `taken` bytes were counted: what was read from `kept` bytes of it is now held in place of the last one. `kept` undefined: nothing is, but where it was
   * `lost` under way: then the last one still stands.
   */
  settle(id: string, taken: number, kept: number | undefined, lost?: boolean): void;
}

/** What one host may say and have here: it lives as long as the host's facts do, over all its connections. */
export class HostBudget {
  readonly #kept = new Map<string, number>();
  /** Kept and under way. */
  #held = 0;
  /** Of that, drawn from the sum. */
  #drawn = 0;

  constructor(
    private readonly sum: SumBudget,
    private readonly limits_: HostLimits = limits,
  ) {}

  get held(): number {
    return this.#held;
  }

  sweep(): SweepBudget {
    let said = 0;
    return {
      take: (id, bytes) => {
        said += bytes;
        if (said > this.limits_.sweep) return `the host said more than ${this.limits_.sweep} bytes in one sweep`;
        return this.#hold(id, bytes);
      },
      settle: (id, taken, kept, lost = false) => {
        this.#release(taken);
        if (lost) return;
        this.#release(this.#kept.get(id) ?? 0);
        this.#kept.delete(id);
        if (kept === undefined) return;
        this.#kept.set(id, kept);
        // It was there a moment ago, within the limits.
        this.#held += kept;
        this.#draw();
      },
    };
  }

  /** The host is gone, and what was read from it. */
  close(): void {
    this.#kept.clear();
    this.#release(this.#held);
  }

  #hold(id: string, bytes: number): string | undefined {
    // The last reading of the same thing goes when this one is there: it is not counted twice.
    if (this.#held - (this.#kept.get(id) ?? 0) + bytes > this.limits_.host)
      return `the host has more than ${this.limits_.host} bytes here`;
    this.#held += bytes;
    if (this.#draw()) return undefined;
    this.#held -= bytes;
    return "all hosts together say more than there is memory for, and this one more than its share";
  }

  #draw(): boolean {
    const more = Math.max(0, this.#held - this.limits_.own) - this.#drawn;
    if (more > 0 && !this.sum.draw(more)) return false;
    if (more < 0) this.sum.giveBack(-more);
    this.#drawn += more;
    return true;
  }

  #release(bytes: number): void {
    this.#held = Math.max(0, this.#held - bytes);
    this.#draw();
  }
}
