import type { Probe } from "@/lib/probes/define";
import { type ProbeId, probes } from "@/lib/probes/registry";

const keyed: ReadonlySet<string> = new Set(
  Object.values<Probe>(probes).flatMap(({ id, key }) => (key === undefined ? [] : id)),
);

/** Whether what is read of this fact is noted by entry: it says so itself, by its key. */
export const isKeyed = (probe: ProbeId): boolean => keyed.has(probe);
