import type { Wording } from "../../wording";
import type { Attributes } from "../attributes";

/**
 * One kind of edge. Each file in this folder exports exactly one, as `kind`; its name is the kind. `from` is the end nearer to the wire, `to` the end nearer
 * to the guest. Pages load it too.
 */
export interface EdgeKindUnit<A extends Attributes> {
  readonly word: Wording;
  /** What it joins, for readers: "nic -> bond". */
  readonly joins: string;
  /** Frames pass over it. Other edges only tell what is where. */
  readonly carries: boolean;
  /** Both ends are in one layer-2 segment. A VLAN or VXLAN interface is a door to another one. */
  readonly within: boolean;
  /** The host routes packets over it, and no frame passes: who follows wires does not meet it. */
  readonly isRouted?: true;
  /** Drawn as a thin line while it is well: it tells and carries nothing. */
  readonly faint?: true;
  readonly attributes: A;
}

/** Declares a kind of edge, and keeps the types of its attributes. */
export const defineEdgeKind = <const A extends Attributes>(kind: EdgeKindUnit<A>): EdgeKindUnit<A> => kind;
