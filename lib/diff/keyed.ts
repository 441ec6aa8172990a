import { sameJson } from "../facts/equal";

/** What makes one keyed collection into another: items that are new or different, and keys that are gone. Both sorted by key. */
export interface Part<T> {
  readonly put: T[];
  readonly drop: string[];
}

/** Order of keys everywhere on the wire: by code unit, the same in every locale. */
export const byKey = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The difference of two keyed collections, or undefined where there is none. Items are compared by reference first, then by structure. */
export function diffKeyed<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): Part<T> | undefined {
  const put: [string, T][] = [];
  const drop: string[] = [];
  for (const [key, item] of after) {
    const old = before.get(key);
    if (old === undefined || (old !== item && !sameJson(old, item))) put.push([key, item]);
  }
  for (const key of before.keys()) if (!after.has(key)) drop.push(key);
  if (put.length === 0 && drop.length === 0) return undefined;
  return { put: put.sort(([a], [b]) => byKey(a, b)).map(([, item]) => item), drop: drop.sort(byKey) };
}

/** The collection after the difference. Does not change `before`. */
export function applyKeyed<T>(
  before: ReadonlyMap<string, T>,
  part: Part<T> | undefined,
  keyOf: (item: T) => string,
): ReadonlyMap<string, T> {
  if (!part) return before;
  const after = new Map(before);
  for (const key of part.drop) after.delete(key);
  for (const item of part.put) after.set(keyOf(item), item);
  return after;
}

/**
 * The same for a collection in the order of its keys. What does not change keeps its object and its place, so that a change of one item costs one
 * look at each of the others and no sorting. Does not change `before`.
 */
export function applySorted<T>(before: readonly T[], part: Part<T>, keyOf: (item: T) => string): T[] {
  if (!part) return [...before];
  const put = new Map(part.put.map((item) => [keyOf(item), item]));
  const drop = new Set(part.drop);
  const after: T[] = [];
  for (const item of before) {
    const key = keyOf(item);
    if (drop.has(key)) continue;
    const next = put.get(key);
    after.push(next ?? item);
    if (next !== undefined) put.delete(key);
  }
  if (put.size === 0) return after;
  return [...after, ...put.values()].sort((a, b) => byKey(keyOf(a), keyOf(b)));
}

/** Items by their key. A key that occurs twice is an error of the maker. */
export function keyed<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> {
  const map = new Map(items.map((item) => [keyOf(item), item]));
  if (map.size !== items.length) throw new Error("a key occurs twice");
  return map;
}

/** Items of a keyed collection in the order of their keys. */
export function sorted<T>(items: ReadonlyMap<string, T>): T[] {
  return [...items].sort(([a], [b]) => byKey(a, b)).map(([, item]) => item);
}
