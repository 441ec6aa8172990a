/** Which of several have a key: an index that is kept up to date by what moves. */
export class IndexOf {
  readonly #holders = new Map<string, Set<string>>();

  /** Holders of a key, in the order in which they came. */
  of(key: string): ReadonlySet<string> {
    return this.#holders.get(key) ?? none;
  }

  add(key: string, holder: string): void {
    const holders = this.#holders.get(key);
    if (holders) holders.add(holder);
    else this.#holders.set(key, new Set([holder]));
  }

  remove(key: string, holder: string): void {
    const holders = this.#holders.get(key);
    holders?.delete(holder);
    if (holders?.size === 0) this.#holders.delete(key);
  }

  /** A holder had the keys of `before` and has those of `after`. */
  move(holder: string, before: Iterable<string>, after: ReadonlySet<string>): void {
    const had = new Set(before);
    for (const key of had) if (!after.has(key)) this.remove(key, holder);
    for (const key of after) if (!had.has(key)) this.add(key, holder);
  }
}

const none: ReadonlySet<string> = new Set();
