import { type Lane, type LaneEdge, type LaneNode, laneOf, lanes, laneWidth } from "./lanes";

export const nodeHeight = 30;
/** Distance of the middles of two nodes in a lane. */
export const rowStep = 38;
/** Room between two lanes, in which the edges turn. */
export const laneGap = 72;

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
  const y = before ? keepPlaces(open, members, near, lane, before) : freshPlaces(open, members, near);
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

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Rows for a first drawing. Sweeps to and fro a fixed number of times: enough in practice, and always the same result for the same input. */
function freshPlaces(open: readonly Lane[], members: Members, near: Near): Map<string, number> {
  const order = new Map<Lane, string[]>(open.map((l) => [l, [...(members.get(l) ?? [])]]));
  const rank = new Map<string, number>();
  const number = (ids: readonly string[]) => {
    ids.forEach((id, i) => {
      rank.set(id, ids.length > 1 ? i / (ids.length - 1) : 0.5);
    });
  };
  for (const ids of order.values()) number(ids);
  for (let sweep = 0; sweep < 8; sweep++) {
    const way = sweep % 2 === 0 ? open : [...open].reverse();
    for (const l of way) {
      const ids = order.get(l) ?? [];
      const wish = new Map(ids.map((id, i) => [id, barycenter(id, near, rank) ?? rank.get(id) ?? i]));
      // Array.sort is stable: equal wishes keep their order.
      ids.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      number(ids);
    }
  }
  const y = new Map<string, number>();
  for (const ids of order.values())
    for (const [i, id] of ids.entries()) y.set(id, (i - (ids.length - 1) / 2) * rowStep);
  for (let sweep = 0; sweep < 6; sweep++) {
    const way = sweep % 2 === 0 ? [...open].reverse() : open;
    for (const l of way) {
      const ids = order.get(l) ?? [];
      const wishes = ids.map((id) => {
        const around = near(id).map((n) => y.get(n) ?? 0);
        return around.length ? mean(around) : (y.get(id) ?? 0);
      });
      spread(wishes).forEach((value, i) => {
        const id = ids[i];
        if (id !== undefined) y.set(id, value);
      });
    }
  }
  return y;
}

function barycenter(id: string, near: Near, rank: ReadonlyMap<string, number>): number | undefined {
  const ranks = near(id).flatMap((n) => rank.get(n) ?? []);
  return ranks.length ? mean(ranks) : undefined;
}

/**
 * Nearest values to the wishes that keep their order and stand `rowStep` apart (pool adjacent violators: least squares). Exported for its test.
 */
export function spread(wishes: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = [];
  wishes.forEach((wish, i) => {
    let block = { sum: wish - i * rowStep, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count > block.sum / block.count; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    blocks.push(block);
  });
  const out: number[] = [];
  for (const block of blocks)
    for (let i = 0; i < block.count; i++) out.push(block.sum / block.count + out.length * rowStep);
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
      const row = freeRow(rows, around.length ? mean(around) : before.bottom + rowStep);
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
