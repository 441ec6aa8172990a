import { type NodeKind, nodeKind } from "../graph/kinds";
import { type Lane, lanes } from "../graph/kinds/define";

export { type Lane, lanes };

/** Where guests stand: the last lane. */
export const guestLane: Lane = "vm";

/** Width of a node in each lane, in canvas units (pixels at zoom 1). Fixed, so that a long name never moves its neighbours. */
export const laneWidth: Readonly<Record<Lane, number>> = {
  switch: 140,
  nic: 96,
  bond: 88,
  vlan: 96,
  bridge: 96,
  port: 104,
  tap: 88,
  vnic: 128,
  vm: 140,
};

export interface LaneNode {
  readonly id: string;
  readonly kind: NodeKind | "group";
}
export interface LaneEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The lane of a node. Most kinds have one; VLANs, tunnels and the like stand where a frame meets them: before a bridge that they carry, behind a
 * bridge that carries them. `undefined`: not drawn (the host itself is the box around the lanes).
 */
export function laneOf(
  node: LaneNode,
  edges: readonly LaneEdge[],
  kindOf: (id: string) => LaneNode["kind"] | undefined,
): Lane | undefined {
  if (node.kind === "group") return guestLane;
  const { lane } = nodeKind[node.kind];
  if (lane === "none") return undefined;
  if (typeof lane === "string") return lane;
  return edges.some((e) => e.to === node.id && forwards(kindOf(e.from))) ? lane.behindBridge : lane.lane;
}

const forwards = (kind: LaneNode["kind"] | undefined): boolean =>
  kind !== undefined && kind !== "group" && nodeKind[kind].forwards === true;
