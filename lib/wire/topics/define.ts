import type * as z from "zod";

/**
 * A stream of state that a browser can watch: a snapshot, then deltas, each with the next number. Each file in this
 * folder exports exactly one, as `topic`; its file in server/collector/topics makes what it sends. Page and collector
 * know what is inside; the web process between them only the number.
 */
export interface Topic<S extends z.ZodType = z.ZodType, D extends z.ZodType = z.ZodType, V = unknown> {
  readonly id: string;
  /** What a watcher names beside the topic: a host, or nothing, where there is one for all. */
  readonly of: "host" | "all";
  readonly snapshot: S;
  readonly delta: D;
  /** The state as a page keeps it. */
  open(snapshot: z.output<S>): V;
  /**
   * The state after a delta. Does not change `before`; what the delta does not name stays the same object. Throws for
   * one that does not follow.
   */
  apply(before: V, delta: z.output<D>): V;
}

/** Declares a topic with the types of its own schemas. */
export const defineTopic = <S extends z.ZodType, D extends z.ZodType, V>(topic: Topic<S, D, V>): Topic<S, D, V> =>
  topic;

/** A state of many items that are put and dropped by key. */
export function putAndDrop<T>(
  before: ReadonlyMap<string, T>,
  { put, drop }: { readonly put: readonly T[]; readonly drop: readonly string[] },
  keyOf: (item: T) => string,
): ReadonlyMap<string, T> {
  const after = new Map(before);
  for (const key of drop) after.delete(key);
  for (const item of put) after.set(keyOf(item), item);
  return after;
}
