import { sameJson } from "@/lib/facts/equal";
import type { Facts } from "@/lib/facts/facts";
import type { Probe } from "@/lib/probes/define";
import { type ProbeId, probes } from "@/lib/probes/registry";

/** Fields of each probe that move by themselves: what it says of itself. */
const volatileOf: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.values<Probe>(probes).flatMap(({ id, volatile }) => (volatile ? [[id, new Set(volatile)]] : [])),
);

export interface FactChange {
  readonly probe: ProbeId;
  /** Names (interfaces, domains, namespaces, addresses) that the differing entries mention; undefined: anything may have changed. */
  readonly names: ReadonlySet<string> | undefined;
  /** Whether it could be read, or why not, is what has changed. */
  readonly status?: true;
}

export interface Merged {
  readonly facts: Facts;
  /** What differs from before beyond counters and ages. */
  readonly changes: readonly FactChange[];
  /**
   * The facts that were read, with the very objects of the last reading wherever nothing but counters and ages has moved, entry by entry: whoever keeps something by object
   * (the graph's passes) need not make it anew.
   */
  readonly steady: Facts;
}

/**
 * Names of the entries that were really read again, or undefined where all were: what an event has changed of one interface is put into the last reading, where the others stay
 * the same objects, while a parser makes each of them anew.
 */
export function readAgain(before: Facts[ProbeId], after: Facts[ProbeId]): ReadonlySet<string> | undefined {
  if (!before?.ok || !after?.ok || !Array.isArray(before.value) || !Array.isArray(after.value)) return undefined;
  const old = new Set<unknown>(before.value);
  const fresh = (after.value as readonly unknown[]).filter((entry) => !old.delete(entry));
  if (old.size === before.value.length) return undefined;
  const names = new Set<string>();
  for (const entry of fresh) mention(entry, names);
  for (const entry of old) mention(entry, names);
  return names;
}

/** Takes over the facts that were read again. `steadyBefore`: what `steady` was so far. */
export function mergeFacts(before: Facts, read: Facts, steadyBefore: Facts): Merged {
  const changes: FactChange[] = [];
  const steady: Record<string, unknown> = {};
  const facts: Record<string, unknown> = { ...before, ...read };
  for (const probe of Object.keys(read) as ProbeId[]) {
    const old = before[probe];
    const now = read[probe];
    if (now === undefined) continue;
    steady[probe] = now;
    if (old === undefined || old.ok !== now.ok) changes.push({ probe, names: undefined, status: true });
    else if (old.ok && now.ok) {
      const ignore = volatileOf.get(probe);
      const kept = steadyBefore[probe];
      // What is kept is what was read last, but for counters and ages.
      const base = kept?.ok ? kept : old;
      const difference = differing(base.value, now.value, ignore);
      if (difference) {
        changes.push({ probe, names: difference.names });
        if (difference.shared) steady[probe] = { ...now, value: difference.shared };
      } else if (kept?.ok) steady[probe] = kept;
      facts[probe] = { ...now, value: sharing(base.value, now.value, difference?.shared) };
    } else if (!old.ok && !now.ok && (old.why !== now.why || old.detail !== now.detail))
      changes.push({ probe, names: undefined, status: true });
  }
  return { facts: facts as Facts, changes, steady: steady as Facts };
}

/**
 * What was read now, with the objects of what is kept wherever they are equal: a host's facts are then in memory once and not twice, and a sweep that finds nothing new leaves nothing to be
 * collected. `entries`: what is kept of a list, at the places of `now`.
 */
function sharing(kept: unknown, now: unknown, entries: readonly unknown[] | undefined): unknown {
  if (!Array.isArray(now)) return shared(kept, now);
  const old: readonly unknown[] = entries ?? (Array.isArray(kept) ? kept : []);
  const all = now.map((entry, at) => shared(old[at], entry));
  return Array.isArray(kept) && kept.length === all.length && all.every((entry, at) => entry === kept[at]) ? kept : all;
}

/** The old one where nothing differs, counters neither; else the new one, with those of its own values that are equal. */
function shared(old: unknown, now: unknown): unknown {
  if (old === now || sameJson(old, now)) return old;
  if (!isPlain(old) || !isPlain(now)) return now;
  const same = Object.entries(now).filter(
    ([key, value]) => typeof value === "object" && value !== null && value !== old[key] && sameJson(old[key], value),
  );
  return same.length === 0 ? now : { ...now, ...Object.fromEntries(same.map(([key]) => [key, old[key]])) };
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Fields by which an entry of a list is the same entry as before. */
const identifying = ["ifindex", "ifname", "dev", "name", "uuid", "dst", "mac", "netns", "pid", "id"] as const;
/** Fields that name the thing of the graph that an entry is about. A port's master is not among them: where that changes, the graph has another edge. */
const naming = ["ifname", "dev", "name", "uuid", "netns", "domain", "interface", "ifindex"];

interface Difference {
  /** Names that the differing entries mention; undefined where the values are no lists, a differing entry names nothing, or only the order differs. */
  readonly names: Set<string> | undefined;
  /** The list after, with the objects of before for entries that did not change; undefined where the values are no lists. */
  readonly shared: unknown[] | undefined;
}

/** What differs between two readings, or undefined where nothing does but what is ignored. */
function differing(before: unknown, after: unknown, ignore: ReadonlySet<string> | undefined): Difference | undefined {
  if (!Array.isArray(before) || !Array.isArray(after))
    return sameJson(before, after, ignore) ? undefined : { names: undefined, shared: undefined };
  // Most entries stand where they stood: only the others are looked for.
  const shared: unknown[] = after.slice();
  const strangers: number[] = [];
  for (let at = 0; at < after.length; at++)
    if (at < before.length && sameJson(before[at], after[at], ignore)) shared[at] = before[at];
    else strangers.push(at);
  if (strangers.length === 0 && before.length === after.length) return undefined;
  const rest = new Map<string, unknown[]>();
  const leave = (entry: unknown): void => {
    const key = entryKey(entry);
    const list = rest.get(key);
    if (list) list.push(entry);
    else rest.set(key, [entry]);
  };
  for (const at of strangers) if (at < before.length) leave(before[at]);
  for (let at = after.length; at < before.length; at++) leave(before[at]);
  const names = new Set<string>();
  let named = true;
  for (const at of strangers) {
    const entry: unknown = after[at];
    const list = rest.get(entryKey(entry));
    const found = list?.findIndex((old) => sameJson(old, entry, ignore)) ?? -1;
    if (list && found >= 0) shared[at] = list.splice(found, 1)[0];
    else named = mention(entry, names) && named;
  }
  for (const list of rest.values()) for (const entry of list) named = mention(entry, names) && named;
  // No name at all: only their order is another, and whoever reads the list may tell it.
  return { names: named && names.size > 0 ? names : undefined, shared };
}

/** Adds the names that an entry is about; false where it names nothing. */
function mention(entry: unknown, names: Set<string>): boolean {
  if (typeof entry !== "object" || entry === null) return false;
  let any = false;
  for (const field of naming) {
    const value = (entry as Record<string, unknown>)[field];
    if (typeof value !== "string" && typeof value !== "number") continue;
    names.add(String(value));
    any = true;
  }
  return any;
}

function entryKey(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) return JSON.stringify(entry) ?? "";
  return identifying.map((field) => String((entry as Record<string, unknown>)[field] ?? "")).join("\n");
}
