import type { EdgeKind, NodeKind } from "../graph/model";

/** Lanes from left to right, the way a frame travels from the wire to the guest. A lane without nodes takes no room. */
export const lanes = ["switch", "nic", "bond", "vlan", "bridge", "port", "tap", "vnic", "vm"] as const;
export type Lane = (typeof lanes)[number];

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
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
}

const byKind: Readonly<Record<Exclude<NodeKind, "host" | "other-link" | "vlan" | "vxlan" | "veth">, Lane>> = {
  "switch-port": "switch",
  gateway: "switch",
  nic: "nic",
  bond: "bond",
  bridge: "bridge",
  "ovs-bridge": "bridge",
  "ovs-port": "port",
  macvtap: "tap",
  tap: "tap",
  vnic: "vnic",
  vm: "vm",
  netns: "vm",
};

const isBridge = (kind: LaneNode["kind"] | undefined) => kind === "bridge" || kind === "ovs-bridge";

/**
 * The lane of a node. Most kinds have one; VLANs, tunnels and veth stand where a frame meets them: before a bridge that they carry, behind a
 * bridge that carries them. `undefined`: not drawn (the host itself is the box around the lanes).
 */
export function laneOf(
  node: LaneNode,
  edges: readonly LaneEdge[],
  kindOf: (id: string) => LaneNode["kind"] | undefined,
): Lane | undefined {
  if (node.kind === "host") return undefined;
  if (node.kind === "group") return "vm";
  const behindBridge = edges.some((e) => e.to === node.id && isBridge(kindOf(e.from)));
  if (node.kind === "vlan" || node.kind === "vxlan") return behindBridge ? "port" : "vlan";
  if (node.kind === "veth") return "port";
  if (node.kind === "other-link") return behindBridge ? "tap" : "nic";
  return byKind[node.kind];
}
