import type { EventSource } from "@/lib/events/define";
import { sources as registry, type SourceId } from "@/lib/events/registry";
import type { ProbeReport } from "@/lib/wire/model";
import type { SourceWord } from "../ssh/api";

const shownAtMost = 3;

export interface SourceState {
  readonly state: SourceWord;
  readonly reason: string;
}

/**
 * Why a connected host is only `degraded`: probes that could not be read and event sources that are not followed. Undefined when there is nothing to
 * say. What is absent on the host (no libvirt, no Open vSwitch) is not missing.
 */
export function degradedBecause(
  reports: Iterable<ProbeReport>,
  sources: ReadonlyMap<SourceId, SourceState>,
): string | undefined {
  const unread: string[] = [];
  const read = new Set<string>();
  for (const report of reports) {
    if (report.outcome === "ok") read.add(report.id);
    if (report.outcome === "ok" || report.outcome === "absent" || report.outcome === "lost") continue;
    unread.push(`${report.id} (${report.outcome}${report.detail ? `: ${report.detail}` : ""})`);
  }
  const silent: string[] = [];
  const stormy: string[] = [];
  for (const [source, { state, reason }] of sources) {
    if (state === "storm") stormy.push(`${source} (${reason})`);
    if (state === "storm") continue;
    const { onlyWith }: EventSource = registry[source];
    if (state === "following" || (onlyWith !== undefined && !read.has(onlyWith))) continue;
    silent.push(`${source} (${reason || state})`);
  }
  const parts = [
    stormy.length > 0 ? `event storm, sweeps only until it ends: ${some(stormy.sort())}` : "",
    unread.length > 0 ? `not read: ${some(unread.sort())}` : "",
    silent.length > 0 ? `events not followed, sweeps only: ${some(silent.sort())}` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? parts.join("; ") : undefined;
}

function some(items: readonly string[]): string {
  const rest = items.length - shownAtMost;
  return rest > 0 ? `${items.slice(0, shownAtMost).join(", ")} and ${rest} more` : items.join(", ");
}
