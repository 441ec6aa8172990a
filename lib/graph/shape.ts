import { type NodeKind, nodeKind } from "./kinds";
import type { GraphNode } from "./model";

/** What decides which way frames go at a node, and nothing else of it: who only follows the ways need not look again where an MTU or a flag has changed. */
export interface Shape {
  readonly kind: NodeKind;
  /** Where a frame leaves the host: a NIC, or a veth that plays one inside a namespace. Whether it has carrier is not asked here. */
  readonly isWire: boolean;
}

/** One object for all of a shape: shapes are equal where they are the same object. */
const shapes = new Map<NodeKind, { readonly plain: Shape; readonly wire: Shape }>();

export function shapeOf(node: GraphNode): Shape {
  let known = shapes.get(node.kind);
  if (!known) {
    known = { plain: { kind: node.kind, isWire: false }, wire: { kind: node.kind, isWire: true } };
    shapes.set(node.kind, known);
  }
  return nodeKind[node.kind].isWire || node.attributes.playsNic === true ? known.wire : known.plain;
}
