import type { SettingValues } from "@/lib/checks/settings";
import type { Facts } from "@/lib/facts/facts";
import type { HostSummary } from "@/lib/fleet/summary";
import type { HostMemory } from "@/lib/graph/pass";
import type { GraphView } from "@/lib/graph/view";
import type { Problem } from "@/lib/problems/problem";
import type { HostCard, HostDelta, HostInfo, HostSnapshot, ProbeReport } from "@/lib/wire/model";

/** facts -> graph -> findings -> causes -> delta for one host, incrementally. Synchronous and pure but for its own state; no I/O. */
export interface HostEngine {
  /** Takes new facts (only those that were read again) and the reports of their probes; undefined when nothing that shows has changed. */
  read(facts: Facts, reports: readonly ProbeReport[], at: number): HostDelta | undefined;
  /** State of the connection. A host that does not answer turns everything stale, with its time. */
  host(info: HostInfo): HostDelta | undefined;
  /**
   * Other thresholds, by `<check>.<setting>`; what is absent is at its default. Every subject of the checks whose thresholds differ is judged again by what was read
   * last, no other check is; undefined when nothing that shows has changed.
   */
  setSettings(settings: SettingValues): HostDelta | undefined;
  snapshot(): HostSnapshot;
  card(): HostCard;
  /** Worst first, as published. */
  readonly problems: readonly Problem[];
  readonly graph: GraphView;
  /** What the others of the fleet need to know of it; the same object while that says the same. */
  readonly summary: HostSummary;
  readonly facts: Facts;
  /** Checks (by id) that threw instead of judging, and graph passes ("pass <id>") that failed: how often since the start, and what last. Defects of ours; the fleet logs them. */
  readonly defects: ReadonlyMap<string, { readonly count: number; readonly last: string }>;
  /** To be stored; given back to the next engine of this host. */
  memory(): HostMemory;
}

export type MakeEngine = (info: HostInfo, epoch: string, memory: HostMemory, settings?: SettingValues) => HostEngine;
