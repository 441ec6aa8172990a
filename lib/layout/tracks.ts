import { guestLane, type LaneEdge } from "./lanes";
import type { Layout } from "./place";
import { laneGap } from "./place";

export interface Route {
  /** Distance from the source's right side to the vertical part of the edge, in canvas units. */
  readonly turn: number;
  /** The end at which the edge runs alone and can carry a word: the other one is shared with its siblings. */
  readonly label: "source" | "target";
}

/**
 * Where edges turn. The edges of one hub (a bridge with its ports, the members of a bond) share one vertical track in the gap beside the hub;
 * hubs whose tracks would lie on each other take different ones, so that one can always see what hangs on what.
 */
export function routes(layout: Layout, edges: readonly LaneEdge[]): ReadonlyMap<string, Route> {
  // Long: one sweep over the edges of a lane, which shares what is taken already.
  const columnAt = new Map(layout.columns.map((c, i) => [c.lane, i]));
  const column = (id: string) => columnAt.get(layout.laneOf.get(id) ?? guestLane) ?? 0;
  const fanOut = new Map<string, number>();
  const fanIn = new Map<string, number>();
  const drawn = edges.filter((e) => layout.at.has(e.from) && layout.at.has(e.to) && column(e.from) < column(e.to));
  for (const e of drawn) {
    fanOut.set(e.from, (fanOut.get(e.from) ?? 0) + 1);
    fanIn.set(e.to, (fanIn.get(e.to) ?? 0) + 1);
  }
  interface Hub {
    gap: number;
    low: number;
    high: number;
    edges: LaneEdge[];
    side: "source" | "target";
  }
  const hubs = new Map<string, Hub>();
  for (const e of drawn) {
    // The track lies in the gap beside the hub. An edge over several lanes turns at once and runs level with its target: the lanes between keep
    // that row free for it (see place.ts).
    const isLong = column(e.to) - column(e.from) > 1;
    const bySource = isLong || (fanOut.get(e.from) ?? 0) >= (fanIn.get(e.to) ?? 0);
    const gap = bySource ? column(e.from) : column(e.to) - 1;
    const key = `${bySource ? "s" : "t"} ${gap} ${bySource ? e.from : e.to}`;
    const ys = [layout.at.get(e.from)?.y ?? 0, layout.at.get(e.to)?.y ?? 0];
    const hub = hubs.get(key) ?? {
      gap,
      low: Infinity,
      high: -Infinity,
      edges: [],
      side: bySource ? "source" : "target",
    };
    hubs.set(key, hub);
    hub.low = Math.min(hub.low, ...ys);
    hub.high = Math.max(hub.high, ...ys);
    hub.edges.push(e);
  }
  const out = new Map<string, Route>();
  const gaps = new Map<number, Hub[]>();
  for (const hub of hubs.values()) gaps.set(hub.gap, [...(gaps.get(hub.gap) ?? []), hub]);
  for (const [gap, inGap] of gaps) {
    const ends: number[] = [];
    const tracks = inGap
      .sort((a, b) => a.low - b.low || a.high - b.high)
      .map((hub) => {
        if (hub.high - hub.low < 1) return { hub, track: 0 };
        const free = ends.findIndex((end) => end < hub.low - 1);
        const track = free >= 0 ? free : ends.length;
        ends[track] = hub.high;
        return { hub, track };
      });
    const step = Math.min(10, (laneGap - 24) / Math.max(1, ends.length));
    const middle = laneGap / 2 - ((Math.max(1, ends.length) - 1) * step) / 2;
    for (const { hub, track } of tracks)
      for (const e of hub.edges)
        out.set(e.id, {
          turn: turnFrom(layout, e.from, gap, middle + track * step),
          label: hub.side === "source" ? "target" : "source",
        });
  }
  return out;
}

/** From the source's right side to `offset` inside the gap behind column `gap`. */
function turnFrom(layout: Layout, source: string, gap: number, offset: number): number {
  const own = layout.columns.find((c) => c.lane === layout.laneOf.get(source));
  const beside = layout.columns[gap];
  if (!own || !beside) return offset;
  return beside.x + beside.width / 2 - (own.x + own.width / 2) + offset;
}
