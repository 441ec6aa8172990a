/** Waits between attempts to reach a host: 1 s, doubling to 60 s, each shortened by up to a half, so that hosts behind one broken router come back apart. */
export class Backoff {
  private failures = 0;

  constructor(private readonly random: () => number) {}

  /** How long to wait after one more failure, ms. */
  next(): number {
    const full = Math.min(60_000, 1_000 * 2 ** Math.min(this.failures, 10));
    this.failures++;
    return Math.round(full * (1 - this.random() / 2));
  }

  /** A connection that worked: the next failure starts small again. */
  reset(): void {
    this.failures = 0;
  }
}
