import type { EdgeKind, NodeKind, Status } from "@/lib/graph/model";
import { foldGuests, type Group } from "@/lib/layout/fold";
import { laneWidth } from "@/lib/layout/lanes";
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
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
  readonly status: Status;
  readonly present: boolean;
  readonly remembered: boolean;
  /** Where the edge turns; undefined: an arc within or against the lanes. */
  readonly turn?: number;
  readonly label: "source" | "target";
}

/** What is drawn of one host. */
export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly edges: readonly SceneEdge[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly layout: Layout;
}

/** Only what the drawing needs of a snapshot. */
export type Drawable = Pick<HostSnapshot, "nodes" | "edges">;

/**
 * From a snapshot to what is drawn. `before` is the last scene of the same host: what is in it keeps its place. `keep`: ids that must not fold.
 * Pure.
 */
export function sceneOf(snapshot: Drawable, keep: ReadonlySet<string>, before?: Scene): Scene {
  const drawn = new Set(before?.nodes.map((n) => n.id));
  const folded = foldGuests(snapshot, { keep, drawn });
  const groups = new Map(folded.groups.map((g) => [g.id, g]));
  const groupNodes = folded.groups.map((g) => ({ id: g.id, kind: "group" as const, name: `\u{ffff}${g.id}` }));
  const groupEdges = folded.groups.flatMap((g) => g.anchors.map((anchor) => groupEdge(g, anchor)));
  const edges: ViewEdge[] = [...folded.edges, ...groupEdges];
  const layout = place([...folded.nodes, ...groupNodes], edges, before?.layout);
  const turns = routes(layout, edges);
  const nodes = [
    ...folded.nodes.flatMap((n) => sceneNode(n, layout)),
    ...folded.groups.flatMap((g) => {
      const at = layout.at.get(g.id);
      const size = { width: laneWidth.vm, height: nodeHeight + 4 };
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

const groupEdge = (group: Group, anchor: string): ViewEdge => ({
  id: `${group.id}--${anchor}`,
  host: "",
  kind: "bridge-port",
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
