export interface LimitRule {
  /** Attempts that cost no waiting. */
  readonly free: number;
  /** Quiet time after which the count starts anew, ms. */
  readonly forgetMs: number;
  /** First wait, ms; doubles with every further attempt up to `maxWaitMs`. */
  readonly waitMs: number;
  readonly maxWaitMs: number;
  /** Bound on remembered keys: the one untouched for longest is forgotten first. */
  readonly maxKeys?: number;
}

/** Attempts of one key; times in Unix ms, `until`: when the next one is taken. */
export interface Entry {
  count: number;
  last: number;
  until: number;
}

/**
 * Counts attempts a key (an account, an address) and asks for growing waits. An attempt counts when it begins, so that a hundred at the same moment
 * do not slip through while the first password is still being hashed; a success takes its count back. Whoever wants a
 * restart to remember keeps the entries and restores them.
 */
export class AttemptLimit {
  private readonly entries = new Map<string, Entry>();
  private readonly maxKeys: number;

  constructor(
    private readonly rule: LimitRule,
    private readonly now: () => number = Date.now,
  ) {
    this.maxKeys = rule.maxKeys ?? 10_000;
  }

  /** Counts an attempt. Returns 0 when it may go on, else how long to wait, ms (and then it was not counted). */
  take(key: string): number {
    const now = this.now();
    const known = this.entries.get(key);
    if (known && now < known.until) return known.until - now;
    const count = (known && now - known.last < this.rule.forgetMs ? known.count : 0) + 1;
    const over = count - this.rule.free;
    const wait = over < 0 ? 0 : Math.min(this.rule.maxWaitMs, this.rule.waitMs * 2 ** Math.min(over, 30));
    this.entries.delete(key); // Re-inserting keeps the map in order of last touch.
    this.entries.set(key, { count, last: now, until: now + wait });
    this.bound();
    return 0;
  }

  private bound(): void {
    if (this.entries.size <= this.maxKeys) return;
    // Whoever makes up new keys must not push out those that wait: they are what is guarded.
    for (const [key, { count }] of this.entries)
      if (count < this.rule.free) {
        this.entries.delete(key);
        return;
      }
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      break;
    }
  }

  /** What is counted of a key, to be kept. */
  entry(key: string): Readonly<Entry> | undefined {
    return this.entries.get(key);
  }

  /** Takes up a count that was kept. To be called before the first attempt, the longest untouched first. */
  restore(key: string, entry: Readonly<Entry>): void {
    this.entries.set(key, { ...entry });
    this.bound();
  }

  /** Forgets the attempts of a key: its owner has proved himself. */
  clear(key: string): void {
    this.entries.delete(key);
  }

  /** Takes one attempt back, and the wait that it caused. */
  giveBack(key: string): void {
    const known = this.entries.get(key);
    if (!known) return;
    known.count = Math.max(0, known.count - 1);
    known.until = 0;
    if (known.count === 0) this.entries.delete(key);
  }
}
