import type { Mark, Step } from "@/lib/wire/socket";

/**
 * The newest changes of one stream, without gaps, so that a browser that missed a few need not load everything again.
 */
export class StepRing {
  private steps: Step[] = [];

  constructor(private readonly size = 256) {}

  /** The newest state known here; undefined before the first change or snapshot. */
  newest: Mark | undefined;

  /**
   * Takes the next change. One that does not follow the last (we were cut off, the collector is a new one) begins the
   * ring anew.
   */
  push(step: Step): void {
    if (this.newest && step.epoch === this.newest.epoch && step.seq <= this.newest.seq) return;
    const follows = this.newest?.epoch === step.epoch && this.newest.seq + 1 === step.seq;
    if (!follows) this.steps = [];
    this.steps.push(step);
    if (this.steps.length > this.size) this.steps.shift();
    this.newest = { epoch: step.epoch, seq: step.seq };
  }

  /** A snapshot tells the newest number as well; changes that do not lead up to it are of no more use. */
  saw({ epoch, seq }: Mark): void {
    if (this.newest?.epoch === epoch && this.newest.seq >= seq) return;
    this.steps = [];
    this.newest = { epoch, seq };
  }

  /** The changes after this point, oldest first; null when some are no longer here and only a snapshot helps. */
  since({ epoch, seq }: Mark): Step[] | null {
    if (this.newest?.epoch !== epoch || seq > this.newest.seq) return null;
    if (seq === this.newest.seq) return [];
    const first = this.steps[0];
    return first && first.seq <= seq + 1 ? this.steps.filter((step) => step.seq > seq) : null;
  }

  /** Forgets everything: changes may have been missed. */
  clear(): void {
    this.steps = [];
    this.newest = undefined;
  }
}
