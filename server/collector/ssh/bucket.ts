/** So many a second, and at most so many at once. What is taken beyond is owed, and waits to be made good. */
export class Bucket {
  #left: number;
  #at = performance.now();

  constructor(
    private readonly perSecond: number,
    private readonly atOnce: number,
  ) {
    this.#left = atOnce;
  }

  take(count: number): void {
    this.#refill();
    this.#left -= count;
  }

  /** How long until nothing is owed, ms; 0 where nothing is. */
  get owedMs(): number {
    this.#refill();
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left * 1_000) / this.perSecond);
  }

  /** Forgives what is owed. */
  fill(): void {
    this.#left = this.atOnce;
  }

  #refill(): void {
    const now = performance.now();
    this.#left = Math.min(this.atOnce, this.#left + ((now - this.#at) / 1_000) * this.perSecond);
    this.#at = now;
  }
}
