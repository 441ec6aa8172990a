import type { Attributes, ValuesOf } from "./attributes";
import type { EdgeKindUnit } from "./edges/define";
import { kinds as edges } from "./edges/registry";
import { lanes, type NodeKindUnit } from "./kinds/define";
import { kinds as nodes } from "./kinds/registry";

type Nodes = typeof nodes;
type Edges = typeof edges;
export type NodeKind = keyof Nodes;
export type EdgeKind = keyof Edges;

/** What a kind of node says of itself. */
export const nodeKind: Readonly<Record<NodeKind, NodeKindUnit<Attributes>>> = nodes;
export const edgeKind: Readonly<Record<EdgeKind, EdgeKindUnit<Attributes>>> = edges;

const laneIndex = (kind: NodeKind): number => {
  const { lane } = nodeKind[kind];
  if (lane === "none") return lanes.length;
  return lanes.indexOf(typeof lane === "string" ? lane : lane.lane);
};

/** Kinds of node in the order in which a frame from the wire meets them: the lanes of the canvas. What is in no lane comes last. */
export const nodeKinds = (Object.keys(nodes) as NodeKind[]).sort((a, b) => laneIndex(a) - laneIndex(b));
export const edgeKinds = Object.keys(edges) as EdgeKind[];

type Trait = {
  [T in keyof NodeKindUnit<Attributes>]-?: NodeKindUnit<Attributes>[T] extends true | undefined ? T : never;
}[keyof NodeKindUnit<Attributes>];

/** Kinds of node that say this of themselves, in the order of `nodeKinds`. */
export const kindsThat = (trait: Trait): readonly NodeKind[] => nodeKinds.filter((kind) => nodeKind[kind][trait]);

const only = (kinds: readonly NodeKind[], what: string): NodeKind => {
  const [kind, ...more] = kinds;
  if (!kind || more.length > 0) throw new Error(`exactly one kind of node has to say ${what}: ${kinds.join(", ")}`);
  return kind;
};
/** The host as a whole. */
export const selfKind = only(kindsThat("isSelf"), "isSelf");
const ofLinks = (links: "device" | "other") => nodeKinds.filter((kind) => nodeKind[kind].links === links);
/** What an interface becomes that the kernel has a device for. */
export const deviceKind = only(ofLinks("device"), 'links: "device"');
/** What an interface becomes that no kind claims. */
export const otherKind = only(ofLinks("other"), 'links: "other"');

/** Kinds on which the host may hold addresses of its own. */
export const addressKinds = kindsThat("holdsAddresses");
/** All kinds of guest. */
export const guestKinds = kindsThat("isGuest");
export const isGuest = (node: { readonly kind: NodeKind }): boolean => nodeKind[node.kind].isGuest === true;

type NamesOf<U> = U extends unknown ? keyof U : never;
type ValueIn<U, N> = U extends unknown ? (N extends keyof U ? U[N] : never) : never;
/** Every attribute that any of several schemas has, each with all that it may be. */
type AnyOf<U> = { readonly [N in NamesOf<U>]?: ValueIn<U, N> };
type EachOf<K extends keyof Nodes> = K extends unknown ? ValuesOf<Nodes[K]["attributes"]> : never;
type EachEdgeOf<K extends keyof Edges> = K extends unknown ? ValuesOf<Edges[K]["attributes"]> : never;

/** Values of a node of this kind, or of one of these kinds, as the passes make them. A name that none of them has does not compile. */
export type AttributesOf<K extends NodeKind> = AnyOf<EachOf<K>>;
export type EdgeAttributesOf<K extends EdgeKind> = AnyOf<EachEdgeOf<K>>;
export type NodeAttributes = AttributesOf<NodeKind>;
export type EdgeAttributes = EdgeAttributesOf<EdgeKind>;
