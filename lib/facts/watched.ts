/** What is told of a list that someone else reads: that it was looked at as a whole, or only one entry of it by name. */
export interface ListWatch {
  whole(): void;
  entry(name: string): void;
}

interface Watched {
  readonly raw: readonly unknown[];
  readonly watch: ListWatch;
}

const watchedLists = new WeakMap<object, Watched>();

/**
 * The same list, that tells when it is looked at. Any ordinary access counts as reading all of it; only `entryOf` reads one entry. A new object at each call, so that an
 * index which somebody keeps by the list's object is never shared between readers: what one reader has read is not what another one has.
 */
export function watchedList<T>(raw: readonly T[], watch: ListWatch): readonly T[] {
  const proxy = new Proxy(raw, {
    get(target, key) {
      watch.whole();
      const value: unknown = Reflect.get(target, key);
      // Bound to the list itself: one step over the proxy and not one for each entry.
      return typeof value === "function" ? value.bind(target) : value;
    },
    has(target, key) {
      watch.whole();
      return Reflect.has(target, key);
    },
    ownKeys(target) {
      watch.whole();
      return Reflect.ownKeys(target);
    },
  });
  watchedLists.set(proxy, { raw, watch });
  return proxy;
}

/** The list itself, for a look-up of the entry of this name and of nothing else: no index, no neighbour, no count. */
export function forEntry<T>(list: readonly T[], name: string): readonly T[] {
  const watched = watchedLists.get(list);
  if (!watched) return list;
  watched.watch.entry(name);
  return watched.raw as readonly T[];
}
