/** What is told of a list that someone else reads: that it was looked at as a whole, or only one entry of it by name. */
export interface ListWatch {
  whole(): void;
  entry(name: string): void;
}

/** Asked of a list, it tells what is behind; no list of a host's has a key like it. */
const behind = Symbol("behind");

/**
 * The same list, that tells when it is looked at. Any ordinary access counts as reading all of it; only `forEntry` reads one entry. One object for each reader, so that an
 * index which somebody keeps by the list's object is never shared between readers: what one reader has read is not what another one has.
 */
export function watchedList<T>(raw: readonly T[], watch: ListWatch): readonly T[] {
  return new Proxy(raw, new Handler(watch));
}

class Handler<T> implements ProxyHandler<readonly T[]> {
  constructor(readonly watch: ListWatch) {}

  get(target: readonly T[], key: string | symbol): unknown {
    if (key === behind) return { raw: target, watch: this.watch };
    this.watch.whole();
    const value: unknown = Reflect.get(target, key);
    // Bound to the list itself: one step over the proxy and not one for each entry.
    return typeof value === "function" ? value.bind(target) : value;
  }

  has(target: readonly T[], key: string | symbol): boolean {
    this.watch.whole();
    return Reflect.has(target, key);
  }

  ownKeys(target: readonly T[]): (string | symbol)[] {
    this.watch.whole();
    return Reflect.ownKeys(target);
  }
}

/** The list itself, for a look-up of the entry of this name and of nothing else: no index, no neighbour, no count. */
export function forEntry<T>(list: readonly T[], name: string): readonly T[] {
  const watched = (list as { readonly [behind]?: { readonly raw: readonly T[]; readonly watch: ListWatch } })[behind];
  if (!watched) return list;
  watched.watch.entry(name);
  return watched.raw;
}
