import { guestLane, type Lane, type LaneEdge, type LaneNode, laneOf, lanes, laneWidth } from "./lanes";

export const nodeHeight = 32;
/** Distance of the middles of two nodes in a lane. */
export const rowStep = 40;
/** Room between two lanes, in which the edges turn. */
export const laneGap = 56;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Column {
  readonly lane: Lane;
  /** Middle of the lane. */
  readonly x: number;
  readonly width: number;
}

export interface Layout {
  readonly columns: readonly Column[];
  /** Middles of the nodes. */
  readonly at: ReadonlyMap<string, Point>;
  readonly laneOf: ReadonlyMap<string, Lane>;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlaceNode extends LaneNode {
  readonly name: string;
}

const natural = new Intl.Collator("en", { numeric: true });

/**
 * Places nodes in their lanes. Without `before`: order by barycenter (few crossings), heights pulled to the neighbours' middle.
 * With `before`: what was drawn stays exactly where it is; what is new takes the free row nearest to its neighbours. So nothing ever jumps
 * because something else changed. A lane that was open stays open.
 */
export function place(nodes: readonly PlaceNode[], edges: readonly LaneEdge[], before?: Layout): Layout {
  const kinds = new Map(nodes.map((n) => [n.id, n.kind]));
  const touching = new Map<string, LaneEdge[]>();
  const neighbours = new Map<string, string[]>();
  const push = <T>(map: Map<string, T[]>, key: string, value: T) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const edge of edges) {
    if (!kinds.has(edge.from) || !kinds.has(edge.to) || edge.from === edge.to) continue;
    push(touching, edge.from, edge);
    push(touching, edge.to, edge);
    push(neighbours, edge.from, edge.to);
    push(neighbours, edge.to, edge.from);
  }
  const lane = new Map<string, Lane>();
  const members = new Map<Lane, string[]>(lanes.map((l) => [l, []]));
  const sorted = [...nodes].sort((a, b) => natural.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
  for (const node of sorted) {
    const its = laneOf(node, touching.get(node.id) ?? [], (id) => kinds.get(id));
    if (!its) continue;
    lane.set(node.id, its);
    members.get(its)?.push(node.id);
  }
  const open = lanes.filter((l) => (members.get(l)?.length ?? 0) > 0 || before?.columns.some((c) => c.lane === l));
  const columns: Column[] = [];
  let x = 0;
  for (const l of open) {
    const width = laneWidth[l];
    columns.push({ lane: l, x: x + width / 2, width });
    x += width + laneGap;
  }
  const near = (id: string) => (neighbours.get(id) ?? []).filter((n) => lane.has(n));
  const y = before
    ? keepPlaces(open, members, near, lane, before)
    : freshPlaces(open, members, near, (id) => kinds.get(id) === "group");
  const xs = new Map(columns.map((c) => [c.lane, c.x]));
  const at = new Map<string, Point>();
  let top = 0;
  let bottom = 0;
  for (const [id, its] of lane) {
    const middle = y.get(id) ?? 0;
    at.set(id, { x: xs.get(its) ?? 0, y: middle });
    top = Math.min(top, middle);
    bottom = Math.max(bottom, middle);
  }
  return { columns, at, laneOf: lane, width: Math.max(0, x - laneGap), top, bottom };
}

type Near = (id: string) => readonly string[];
type Members = ReadonlyMap<Lane, readonly string[]>;

/** Weighted mean; undefined of nothing. */
function mean(values: readonly number[], weights?: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const weight = (i: number) => weights?.[i] ?? 1;
  const total = values.reduce((sum, _, i) => sum + weight(i), 0);
  return values.reduce((sum, value, i) => sum + value * weight(i), 0) / total;
}

type Side = "left" | "right";

/**
 * Rows for a first drawing, in the manner of Sugiyama: sweeps over the lanes, each node ordered by the middle of its neighbours on the side where
 * the sweep comes from. The first sweep comes from the guests, whose order by name so decides the order of their TAPs. A fixed number of sweeps:
 * the same result for the same input. What is `last` (groups of guests) stands below all others of its lane.
 */
function freshPlaces(
  open: readonly Lane[],
  members: Members,
  near: Near,
  last: (id: string) => boolean,
): Map<string, number> {
  // Long: lanes from left to right, each placed by the one before it.
  const order = new Map<Lane, string[]>(open.map((l) => [l, [...(members.get(l) ?? [])]]));
  const column = new Map<string, number>();
  for (const [i, l] of open.entries()) for (const id of order.get(l) ?? []) column.set(id, i);
  const beside = (id: string, side: Side) => {
    const own = column.get(id) ?? 0;
    return near(id).filter((n) => (side === "left" ? (column.get(n) ?? 0) < own : (column.get(n) ?? 0) > own));
  };
  const rank = new Map<string, number>();
  const number = (ids: readonly string[]) => {
    for (const [i, id] of ids.entries()) rank.set(id, ids.length > 1 ? i / (ids.length - 1) : 0.5);
  };
  for (const ids of order.values()) number(ids);
  for (const side of sweeps(8))
    for (const l of lanesFrom(side, open)) {
      const ids = order.get(l) ?? [];
      const middle = (id: string) => mean(beside(id, side).map((n) => rank.get(n) ?? 0)) ?? rank.get(id) ?? 0;
      const wish = new Map(ids.map((id) => [id, last(id) ? 2 : middle(id)]));
      // Array.sort is stable: equal wishes keep their order.
      ids.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      number(ids);
    }
  const y = new Map<string, number>();
  for (const ids of order.values())
    for (const [i, id] of ids.entries()) y.set(id, (i - (ids.length - 1) / 2) * rowStep);
  const settle = (l: Lane, side: Side) => {
    const ids = order.get(l) ?? [];
    const wishes = ids.map((id) => {
      const around = beside(id, side);
      // A wire over many lanes (a group of guests on its bridge) may bend; the rows of the others shall not bend for it.
      const isNear = around.some((n) => Math.abs((column.get(n) ?? 0) - (column.get(id) ?? 0)) === 1);
      // What carries many guests pulls harder than what carries one: the trunk stays beside the bridge that matters.
      const pull = (n: string) => 1 + beside(n, side).length;
      const at =
        mean(
          around.map((n) => y.get(n) ?? 0),
          around.map(pull),
        ) ??
        y.get(id) ??
        0;
      return { id, at, weight: isNear ? 1 : 0.001 };
    });
    // Rows along which wires pass through this lane stay where they are; nodes make room.
    const passing = side === "right" ? rowsThrough(open.indexOf(l), column, near, y) : [];
    const all = [...wishes];
    for (const at of passing) {
      const before = all.findIndex((w) => w.at > at);
      all.splice(before < 0 ? all.length : before, 0, { id: "", at, weight: 1000 });
    }
    for (const [i, value] of spread(all).entries()) {
      const id = all[i]?.id;
      if (id) y.set(id, value);
    }
  };
  for (const side of sweeps(5)) for (const l of lanesFrom(side, open)) settle(l, side);
  // The guests decided where all others stand; now they stand level with their vNICs, as far as there is room: a straight wire is read at a glance.
  settle(guestLane, "left");
  return y;
}

/** Heights at which wires over several lanes pass through this one: level with their guest-side end. */
function rowsThrough(
  lane: number,
  column: ReadonlyMap<string, number>,
  near: Near,
  y: ReadonlyMap<string, number>,
): number[] {
  const rows = new Set<number>();
  for (const [id, own] of column) {
    if (own <= lane || !near(id).some((n) => (column.get(n) ?? own) < lane)) continue;
    const at = y.get(id);
    // Two wires at nearly the same height share a row.
    if (at !== undefined && ![...rows].some((r) => Math.abs(r - at) < rowStep / 2)) rows.add(at);
  }
  return [...rows];
}

/** Sides from which the sweeps come: from the guests first and last. */
const sweeps = (count: number): Side[] => Array.from({ length: count }, (_, i) => (i % 2 === 0 ? "right" : "left"));

/** Lanes in the order of a sweep that comes from this side. */
const lanesFrom = (side: Side, open: readonly Lane[]): readonly Lane[] =>
  side === "left" ? open : [...open].reverse();

/**
 * Nearest values to the wishes that keep their order and stand `rowStep` apart (pool adjacent violators: weighted least squares). Exported for its test.
 */
export function spread(wishes: readonly { readonly at: number; readonly weight: number }[]): number[] {
  const blocks: { sum: number; weight: number; count: number }[] = [];
  for (const [i, wish] of wishes.entries()) {
    let block = { sum: (wish.at - i * rowStep) * wish.weight, weight: wish.weight, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.weight > block.sum / block.weight; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, count: last.count + block.count };
    }
    blocks.push(block);
  }
  const out: number[] = [];
  for (const block of blocks)
    for (let i = 0; i < block.count; i++) out.push(block.sum / block.weight + out.length * rowStep);
  return out;
}

/** Everything known stays; newcomers take the free row nearest to the middle of their neighbours. */
function keepPlaces(
  open: readonly Lane[],
  members: Members,
  near: Near,
  lane: ReadonlyMap<string, Lane>,
  before: Layout,
): Map<string, number> {
  const y = new Map<string, number>();
  const taken = new Map<Lane, number[]>();
  const newcomers: string[] = [];
  for (const l of open)
    for (const id of members.get(l) ?? []) {
      const old = before.laneOf.get(id) === l ? before.at.get(id) : undefined;
      if (!old) newcomers.push(id);
      else {
        y.set(id, old.y);
        taken.set(l, [...(taken.get(l) ?? []), old.y]);
      }
    }
  const column = new Map<string, number>();
  for (const [i, l] of open.entries()) for (const id of members.get(l) ?? []) column.set(id, i);
  // A newcomer whose neighbours are newcomers waits for them: twice through is enough for a guest (TAP, vNIC, VM), the rest goes to the end.
  let waiting = newcomers;
  for (let round = 0; round < 4 && waiting.length; round++) {
    const later: string[] = [];
    for (const id of waiting) {
      const around = near(id).flatMap((n) => y.get(n) ?? []);
      if (around.length === 0 && round < 3) {
        later.push(id);
        continue;
      }
      const l = lane.get(id);
      if (!l) continue;
      const rows = taken.get(l) ?? [];
      const passing = rowsThrough(open.indexOf(l), column, near, y);
      const row = freeRow([...rows, ...passing], mean(around) ?? before.bottom + rowStep);
      rows.push(row);
      taken.set(l, rows);
      y.set(id, row);
    }
    waiting = later;
  }
  return y;
}

/** The value nearest to `wish` that is at least `rowStep` away from all that is taken. */
function freeRow(taken: readonly number[], wish: number): number {
  const free = (value: number) => taken.every((t) => Math.abs(t - value) >= rowStep - 0.5);
  if (free(wish)) return wish;
  const edges = taken.flatMap((t) => [t - rowStep, t + rowStep]).filter(free);
  return edges.reduce((best, v) => (Math.abs(v - wish) < Math.abs(best - wish) ? v : best), edges[0] ?? wish);
}
