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

interface Entry {
  count: number;
  last: number;
  until: number;
}

/**
 * Counts attempts a key (an account, an address) and asks for growing waits. An attempt counts when it begins, so that a hundred at the same moment
 * do not slip through while the first password is still being hashed; a success takes its count back. Kept in memory: a restart forgets, which costs an
 * attacker nothing less than making the server restart.
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
    if (this.entries.size > this.maxKeys) {
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest);
        break;
      }
    }
    return 0;
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
  }
}
