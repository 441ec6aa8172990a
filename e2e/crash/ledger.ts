/**
 * What must be there: for each thing that is written, by one writer one after the other, the value that was acknowledged last, and those that were sent since and of which nothing was heard.
 * One of these it must have; null: it is not there.
 */
export class Ledger {
  private readonly possible = new Map<string, Set<string | null>>();

  constructor(readonly what: string) {}

  acknowledged(key: string, value: string | null): void {
    this.possible.set(key, new Set([value]));
  }

  unheard(key: string, value: string | null): void {
    const before = this.possible.get(key) ?? new Set([null]);
    this.possible.set(key, before.add(value));
  }

  /** Values that are known for certain. */
  get certain(): number {
    return [...this.possible.values()].filter((values) => values.size === 1).length;
  }

  /** What is not as it must be, in words. What is there now is what counts from here on. */
  compare(found: ReadonlyMap<string, string>): string[] {
    const wrong: string[] = [];
    for (const [key, values] of this.possible) {
      const now = found.get(key) ?? null;
      if (!values.has(now))
        wrong.push(`${this.what} ${key}: is ${said(now)}, must be ${[...values].map(said).join(" or ")}`);
      this.possible.set(key, new Set([now]));
    }
    return wrong;
  }
}

const said = (value: string | null) => (value === null ? "not there" : JSON.stringify(value));
