import type { Wording } from "../../wording";
import type { Attributes } from "../attributes";

/** Lanes of the canvas from left to right, the way a frame travels from the wire to the guest. */
export const lanes = ["switch", "nic", "bond", "vlan", "bridge", "port", "tap", "vnic", "vm"] as const;
export type Lane = (typeof lanes)[number];

/**
 * One kind of node. Each file in this folder exports exactly one, as `kind`; its name is the kind. Everything that another room wants to know of it stands
 * here. Pages load it too: words and plain values, no probe and no Node.
 */
export interface NodeKindUnit<A extends Attributes> {
  readonly word: Wording;
  /**
   * Lane of the canvas. `behindBridge`: where it stands when a bridge carries it, and not it a bridge. "none": not drawn, it is the box around the lanes.
   */
  readonly lane: Lane | "none" | { readonly lane: Lane; readonly behindBridge: Lane };
  /**
   * Interfaces that become this kind: those of a kernel kind (`info_kind`, and where `type` is given, with this type in its details), those that the kernel has
   * a device for and no kind ("device"), and all others ("other"). Absent: no interface does by itself.
   */
  readonly links?: { readonly infoKind: string; readonly type?: string } | "device" | "other";
  /** The host may hold an address of its own here, by which guests and gateways reach it. */
  readonly holdsAddresses?: true;
  /** Forwards frames between what is plugged into it. */
  readonly forwards?: true;
  /** Always where a frame leaves the host. Others are so by the attribute `playsNic`. */
  readonly isWire?: true;
  /** An end of frames: it forwards nothing that is not its own. */
  readonly isEnd?: true;
  /** Not a part of the host: addresses here are somebody else's. */
  readonly isForeign?: true;
  /** The host as a whole: what is found about none of its parts stands here. Exactly one kind. */
  readonly isSelf?: true;
  /** A guest: counted, and impacted by what cuts it off. */
  readonly isGuest?: true;
  /** A network card of a guest, at the guest's end. */
  readonly isGuestNic?: true;
  /** The host's end of a guest's virtual cable: one that should be plugged in and is not has lost its way. */
  readonly servesGuest?: true;
  /** May exist for one guest alone, and then folds away with it. */
  readonly folds?: true;
  /** Carries what hangs on it: the canvas opens there when nothing is broken. */
  readonly isTrunk?: true;
  /** Its name is prose and not an interface name: set in the text face. */
  readonly isProse?: true;
  /** Its name is put together from attributes that are names themselves: it is masked through them. */
  readonly nameOfParts?: true;
  readonly attributes: A;
}

/** Declares a kind of node, and keeps the types of its attributes. */
export const defineNodeKind = <const A extends Attributes>(kind: NodeKindUnit<A>): NodeKindUnit<A> => kind;
