import type { Change, KindId } from "../changes/change";
import type { Facts } from "../facts/facts";
import type { GraphNode } from "../graph/model";
import type { Wording } from "../wording";

/** A file that is written as a whole. Its old bytes are the undo: they are kept on the host, not here (server/collector/remedy/files.ts). */
export interface FileWrite {
  readonly path: string;
  /** What it will hold. */
  readonly text: string;
  /** What it held when the plan was made; null: it was not there. Where the host's file is another one by then, nothing is written. */
  readonly was: string | null;
}

/** One step of a manager: a change, whose command and undo follow from its kind, or a file. */
export type PersistStep = { readonly change: Change } | { readonly file: FileWrite };

/** Why this manager does not make a change: a person has to do it, as said. */
export interface ByHand {
  readonly byHand: Wording;
}

/**
 * Whoever keeps a change on a host: the running kernel and its daemons, or a program that reads files at boot. Each file in this folder
 * exports exactly one, as `manager`; a run in the store names the one that made it, so that the same one takes it back.
 */
export interface Manager {
  /** What shows that this interface is this manager's; undefined where it is not. Two that own one: a person is asked, never guessed. */
  owns(node: GraphNode, facts: Facts): Wording | undefined;
  /** How this manager makes a change. Pure. Of a change step the undo is planned anew from the store, of a file step its old bytes are on the host. */
  steps(change: Change, facts: Facts): readonly [PersistStep, ...PersistStep[]] | ByHand;
  /** Kinds of change of its own that its steps are made of, beside the one that it is asked for. */
  readonly makes?: readonly KindId[];
  /** Whether a path is one that it may write; absent: it writes no file. Looked at again for every row of the store. */
  mayWrite?(path: string): boolean;
}
