import type { Change, KindId } from "../changes/change";
import type { Finding } from "../checks/finding";
import type { Facts } from "../facts/facts";
import type { GraphView } from "../graph/view";
import type { Wording } from "../wording";

/** One thing that is changed, with a word for the person. Its commands and its undo follow from the change; undos run in reverse order of the steps. */
export interface Step {
  readonly says: Wording;
  readonly change: Change;
}

export interface Plan {
  readonly steps: readonly [Step, ...Step[]];
  /** Vm node ids whose traffic may be touched. */
  readonly affects: readonly string[];
  /** What will be noticed meanwhile. */
  readonly blinks: Wording;
  /** `management`: the path by which we reach the host goes through what is changed; the host's name must then be typed to confirm. */
  readonly risk: "low" | "management";
  /** Longest time that the change needs to take effect (STP forward delay x 2, bond updelay...), ms, with its reasons. */
  readonly settleMs: number;
  readonly settleBecause: string;
  /** The guests to probe before and after (vm ids), nearest first. */
  readonly probe: readonly string[];
}

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface RemedyContext {
  readonly finding: Finding;
  readonly graph: GraphView;
  readonly facts: Facts;
  /** Id of one of `choices`, where the remedy offers any. */
  readonly choice?: string;
  /** The host's own address at the end of our connection, where it is known: what must not be cut. */
  readonly managementAddress?: string;
}

/** A guarded change. Pure: it only plans. Each file in this folder exports exactly one, as `remedy`. */
export interface Remedy {
  readonly id: string;
  readonly title: Wording;
  readonly checks: readonly string[];
  /** The kinds of change that it may ask for. A plan or a stored run of it with another kind in it is refused by the collector. */
  readonly makes: readonly [KindId, ...KindId[]];
  readonly sources: readonly [string, ...string[]];
  choices?(context: RemedyContext): readonly Choice[];
  /** The plan, or the reason why there is none (what it would change has gone, the finding is another's). */
  plan(context: RemedyContext): Plan | { readonly refused: string };
}
