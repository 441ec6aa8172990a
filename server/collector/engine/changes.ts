import { sameJson } from "@/lib/facts/equal";
import type { Facts } from "@/lib/facts/facts";
import type { ProbeId } from "@/lib/probes/registry";

/**
 * What moves with every reading though nothing has changed: counters, ages, timers. Skipped when facts are compared; a check that judges such a value
 * declares it as a `track` and is asked again with each sample.
 */
const volatile: ReadonlySet<string> = new Set([
  "stats",
  "stats64",
  "statistics",
  "counters",
  "used",
  "confirmed",
  "updated",
  "refcnt",
  "probes",
  "expires",
  "cacheinfo",
  "valid_life_time",
  "preferred_life_time",
  "hello_timer",
  "tcn_timer",
  "gc_timer",
  "topology_change_timer",
  "message_age_timer",
  "forward_delay_timer",
  "hold_timer",
]);

/** The same for words that mean a counter in one probe and a setting in another. */
const volatileOf: Readonly<Record<string, ReadonlySet<string>>> = {
  "libvirt-state": new Set([...volatile, "rx", "tx"]),
  lldp: new Set([...volatile, "age"]),
};

export interface FactChange {
  readonly probe: ProbeId;
  /** Names (interfaces, domains, namespaces, addresses) that the differing entries mention; undefined: anything may have changed. */
  readonly names: ReadonlySet<string> | undefined;
}

/** Takes over the facts that were read again. Returns them merged, with what differs from before beyond counters and ages. */
export function mergeFacts(before: Facts, read: Facts): { facts: Facts; changes: FactChange[] } {
  const changes: FactChange[] = [];
  for (const probe of Object.keys(read) as ProbeId[]) {
    const old = before[probe];
    const now = read[probe];
    if (now === undefined) continue;
    if (old === undefined || old.ok !== now.ok) changes.push({ probe, names: undefined });
    else if (old.ok && now.ok) {
      const ignore = volatileOf[probe] ?? volatile;
      if (!sameJson(old.value, now.value, ignore))
        changes.push({ probe, names: differing(old.value, now.value, ignore) });
    } else if (!old.ok && !now.ok && (old.why !== now.why || old.detail !== now.detail))
      changes.push({ probe, names: undefined });
  }
  return { facts: { ...before, ...read }, changes };
}

/** Fields by which an entry of a list is the same entry as before. */
const identifying = ["ifindex", "ifname", "dev", "name", "uuid", "dst", "mac", "netns", "pid", "id"] as const;
/** Fields that name a thing of the graph. */
const naming = [
  "ifname",
  "dev",
  "name",
  "master",
  "link",
  "uuid",
  "netns",
  "domain",
  "interface",
  "target",
  "bridge",
  "ifindex",
];

/** Names that the differing entries of two lists mention; undefined where the values are no lists, or a differing entry names nothing. */
function differing(before: unknown, after: unknown, ignore: ReadonlySet<string>): Set<string> | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const rest = new Map<string, unknown[]>();
  for (const entry of before) {
    const key = entryKey(entry);
    const list = rest.get(key);
    if (list) list.push(entry);
    else rest.set(key, [entry]);
  }
  const names = new Set<string>();
  const mention = (entry: unknown): boolean => {
    if (typeof entry !== "object" || entry === null) return false;
    let any = false;
    for (const field of naming) {
      const value = (entry as Record<string, unknown>)[field];
      if (typeof value !== "string" && typeof value !== "number") continue;
      names.add(String(value));
      any = true;
    }
    return any;
  };
  for (const entry of after) {
    const list = rest.get(entryKey(entry));
    const at = list?.findIndex((old) => sameJson(old, entry, ignore)) ?? -1;
    if (list && at >= 0) list.splice(at, 1);
    else if (!mention(entry)) return undefined;
  }
  for (const list of rest.values()) for (const entry of list) if (!mention(entry)) return undefined;
  return names;
}

function entryKey(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) return JSON.stringify(entry) ?? "";
  return identifying.map((field) => String((entry as Record<string, unknown>)[field] ?? "")).join("\n");
}
