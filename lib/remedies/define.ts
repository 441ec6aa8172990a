import type { Change, KindId } from "../changes/change";
import type { Touch } from "../changes/touch";
import type { Finding } from "../checks/finding";
import type { Facts } from "../facts/facts";
import type { GraphView } from "../graph/view";
import type { Wording } from "../wording";

/**
 * One thing that is changed, with a word for the person. Its commands, its undo and what it touches follow from the change; undos run in reverse
 * order of the steps.
 */
export interface Step {
  readonly says: Wording;
  readonly change: Change;
}

/** What would be changed. Risk, affected guests, whom to probe and the settling time are worked out from it (assess.ts): no remedy says them. */
export interface Plan {
  readonly steps: readonly [Step, ...Step[]];
  /** What the steps touch beside what their changes name by themselves: rare. */
  readonly touches?: readonly Touch[];
  /** What will be noticed meanwhile. */
  readonly blinks: Wording;
}

/** Why there is no plan: what it would change has gone, or the finding is another's. */
export interface Refused {
  readonly refused: Wording;
}

/** One of several ways to carry a remedy out, each planned. `id` is what comes back when a person has chosen it. */
export interface Choice {
  readonly id: string;
  readonly label: Wording;
  readonly plan: Plan | Refused;
}

/** A person has to say which: nothing is chosen for them. */
export interface Choices {
  readonly choices: readonly [Choice, ...Choice[]];
}

export type Planned = Plan | Choices | Refused;

export interface RemedyContext {
  readonly finding: Finding;
  readonly graph: GraphView;
  readonly facts: Facts;
}

/** A guarded change. Pure: it only plans. Each file in this folder exports exactly one, as `remedy`. */
export interface Remedy {
  readonly id: string;
  readonly title: Wording;
  /** The checks that it serves. The registry makes from it which remedies a check has, gentlest first (by-check.ts). */
  readonly checks: readonly [string, ...string[]];
  /** The kinds of change that it may ask for. A plan or a stored run of it with another kind in it is refused by the collector. */
  readonly makes: readonly [KindId, ...KindId[]];
  readonly sources: readonly [string, ...string[]];
  plan(context: RemedyContext): Planned;
}
