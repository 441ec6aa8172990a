import { sameJson } from "@/lib/facts/equal";
import type { EdgeKind, NodeKind, Status } from "@/lib/graph/model";
import { isRoutedWay } from "@/lib/graph/reach";
import { foldGuests, type Group } from "@/lib/layout/fold";
import { guestLane, laneWidth } from "@/lib/layout/lanes";
import { type Layout, nodeHeight, place } from "@/lib/layout/place";
import { routes } from "@/lib/layout/tracks";
import type { HostSnapshot, ViewEdge, ViewNode } from "@/lib/wire/model";

export interface SceneNode {
  readonly id: string;
  readonly kind: NodeKind | "group";
  readonly name: string;
  readonly status: Status;
  readonly remembered: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Number of guests that a group stands for. */
  readonly count?: number;
}

export interface SceneEdge {
  readonly id: string;
  readonly kind: EdgeKind | "group";
  readonly from: string;
  readonly to: string;
  readonly status: Status;
  readonly present: boolean;
  readonly remembered: boolean;
  /** Where the edge turns; undefined: an arc within or against the lanes. */
  readonly turn?: number;
  readonly label: "source" | "target";
  /** A way that the host's route takes, and how: translated, or only routed. */
  readonly routed?: "nat" | "routed";
}

/**
 * What is drawn of one host. A part that looks as it did in the scene before is the same object there and here: the drawing touches no other parts.
 */
export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly edges: readonly SceneEdge[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly layout: Layout;
}

/** Only what the drawing needs of a snapshot. */
export type Drawable = Pick<HostSnapshot, "nodes" | "edges">;

/** A scene, and what it was made from. */
export interface Drawn {
  readonly of: Drawable;
  readonly scene: Scene;
}

/**
 * From a snapshot to what is drawn. `before` is what was drawn last of the same host: what is in it keeps its place. `keep`: ids that must not fold.
 * Pure. Where nothing but colours and words of known parts has changed, nothing is folded, placed or routed.
 */
export function sceneOf(snapshot: Drawable, keep: ReadonlySet<string>, before?: Drawn): Scene {
  const patched = before && patchedScene(snapshot, before);
  if (patched) return patched;
  const scene = laidOut(snapshot, keep, before?.scene);
  if (!before) return scene;
  return { ...scene, nodes: shared(before.scene.nodes, scene.nodes), edges: shared(before.scene.edges, scene.edges) };
}

/**
 * The last scene with the looks of the parts that differ, or undefined where a part came, went, got another name or another place. Which guests fold
 * follows from how they are: where any is folded, all is done anew.
 */
function patchedScene({ nodes, edges }: Drawable, { of, scene }: Drawn): Scene | undefined {
  if (scene.groups.size > 0) return undefined;
  const newNodes = differing(of.nodes, nodes, (a, b) => a.id === b.id && a.kind === b.kind && a.name === b.name);
  const newEdges = differing(
    of.edges,
    edges,
    (a, b) => a.id === b.id && a.kind === b.kind && a.from === b.from && a.to === b.to,
  );
  if (!newNodes || !newEdges) return undefined;
  const next = {
    nodes: patched(scene.nodes, newNodes, ({ status, remembered = false }) => ({ status, remembered })),
    edges: patched(scene.edges, newEdges, ({ status, present, remembered = false }) => ({
      status,
      present,
      remembered,
    })),
  };
  return next.nodes === scene.nodes && next.edges === scene.edges ? scene : { ...scene, ...next };
}

/** The items that are not the same object as before, by id; undefined where there are others, or one is not drawn in the same place. */
function differing<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
  sameWhere: (a: T, b: T) => boolean,
): ReadonlyMap<string, T> | undefined {
  if (before.length !== after.length) return undefined;
  const found = new Map<string, T>();
  for (let at = 0; at < after.length; at++) {
    const [was, is] = [before[at], after[at]];
    if (was === is) continue;
    if (!was || !is || !sameWhere(was, is)) return undefined;
    found.set(is.id, is);
  }
  return found;
}

/** The parts with these looks; the very same list where none looks otherwise. */
function patched<T extends { readonly id: string }, I>(
  parts: readonly T[],
  items: ReadonlyMap<string, I>,
  looksOf: (item: I) => Partial<T>,
): readonly T[] {
  if (items.size === 0) return parts;
  let differs = false;
  const next = parts.map((part) => {
    const item = items.get(part.id);
    const made = item === undefined ? part : { ...part, ...looksOf(item) };
    if (sameJson(part, made)) return part;
    differs = true;
    return made;
  });
  return differs ? next : parts;
}

/** The parts after, with the objects of before for those that look the same. */
function shared<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): readonly T[] {
  const known = new Map(before.map((part) => [part.id, part]));
  return after.map((part) => {
    const old = known.get(part.id);
    return old !== undefined && sameJson(old, part) ? old : part;
  });
}

function laidOut(snapshot: Drawable, keep: ReadonlySet<string>, before?: Scene): Scene {
  const drawn = new Set(before?.nodes.map((n) => n.id));
  const folded = foldGuests(snapshot, { keep, drawn });
  const groups = new Map(folded.groups.map((g) => [g.id, g]));
  const groupNodes = folded.groups.map((g) => ({ id: g.id, kind: "group" as const, name: `\u{ffff}${g.id}` }));
  const groupEdges = folded.groups.flatMap((g) => g.anchors.map((anchor) => groupEdge(g, anchor)));
  const edges: DrawnEdge[] = [...folded.edges, ...groupEdges];
  const layout = place([...folded.nodes, ...groupNodes], edges, before?.layout);
  const turns = routes(layout, edges);
  const nodes = [
    ...folded.nodes.flatMap((n) => sceneNode(n, layout)),
    ...folded.groups.flatMap((g) => {
      const at = layout.at.get(g.id);
      const size = { width: laneWidth[guestLane], height: nodeHeight + 4 };
      if (!at) return [];
      const base = { id: g.id, kind: "group" as const, name: "", status: g.status, remembered: false };
      return [{ ...base, ...at, ...size, count: g.members.length }];
    }),
  ];
  return {
    nodes,
    edges: edges
      .filter((e) => layout.at.has(e.from) && layout.at.has(e.to))
      .map((e) => {
        const route = turns.get(e.id);
        return {
          id: e.id,
          kind: e.kind,
          from: e.from,
          to: e.to,
          status: e.status,
          present: e.present,
          remembered: e.remembered ?? false,
          ...(route ? { turn: Math.round(route.turn) } : {}),
          label: route?.label ?? "target",
          ...(e.kind !== "group" && isRoutedWay({ kind: e.kind })
            ? { routed: e.attributes?.mode === "nat" ? ("nat" as const) : ("routed" as const) }
            : {}),
        };
      }),
    groups,
    layout,
  };
}

function sceneNode(node: ViewNode, layout: Layout): SceneNode[] {
  const at = layout.at.get(node.id);
  const lane = layout.laneOf.get(node.id);
  if (!at || !lane) return [];
  const { id, kind, name, status, remembered = false } = node;
  return [{ id, kind, name, status, remembered, ...at, width: laneWidth[lane], height: nodeHeight }];
}

/** An edge, or the one that stands for all those of folded guests. */
type DrawnEdge = Omit<ViewEdge, "kind"> & { readonly kind: EdgeKind | "group" };

const groupEdge = (group: Group, anchor: string): DrawnEdge => ({
  id: `${group.id}--${anchor}`,
  host: "",
  kind: "group",
  from: anchor,
  to: group.id,
  present: true,
  status:
    group.status === "ok" || group.status === "stale" ? group.status : group.status === "fail" ? "warn" : group.status,
});

/** Where the keys begin: at what is broken, else at the wire's end, uppermost. */
export function firstNode(scene: Scene): string | undefined {
  const broken = scene.nodes.filter((n) => n.status === "fail");
  const among = broken.length ? broken : scene.nodes;
  return among.reduce<SceneNode | undefined>(
    (best, n) => (!best || n.x < best.x || (n.x === best.x && n.y < best.y) ? n : best),
    undefined,
  )?.id;
}

/** The node to which an arrow key leads, or undefined at the rim. Up and down stay in the lane; left and right take the nearest in the next one, along an edge where there is one. */
export function neighbour(scene: Scene, from: string, way: "left" | "right" | "up" | "down"): string | undefined {
  const at = scene.layout.at.get(from);
  if (!at) return firstNode(scene);
  const nearest = (among: readonly SceneNode[], far: (n: SceneNode) => number) =>
    among.reduce<SceneNode | undefined>((best, n) => (!best || far(n) < far(best) ? n : best), undefined)?.id;
  if (way === "up" || way === "down") {
    const sign = way === "up" ? -1 : 1;
    const lane = scene.nodes.filter((n) => n.x === at.x && n.id !== from && (n.y - at.y) * sign > 0);
    return nearest(lane, (n) => Math.abs(n.y - at.y));
  }
  const sign = way === "left" ? -1 : 1;
  const linked = new Set(scene.edges.flatMap((e) => (e.from === from ? [e.to] : e.to === from ? [e.from] : [])));
  const side = scene.nodes.filter((n) => (n.x - at.x) * sign > 0);
  const wired = side.filter((n) => linked.has(n.id));
  return nearest(wired.length ? wired : side, (n) => Math.abs(n.x - at.x) * 4 + Math.abs(n.y - at.y));
}
