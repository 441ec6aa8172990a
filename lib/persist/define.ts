import type { Change } from "../changes/change";
import type { Commands } from "../changes/define";

/**
 * Whoever keeps a change on a host: the running kernel and its daemons, or a program that reads files at boot. Each file in this folder
 * exports exactly one, as `manager`; a run in the store names the one that made it, so that the same one takes it back.
 */
export interface Manager {
  /** The commands by which this manager makes the change and takes it back. Pure, from the data alone: an undo is planned anew from the store. */
  steps(change: Change): readonly [Commands, ...Commands[]];
}
