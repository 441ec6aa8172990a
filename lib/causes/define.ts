import type { Finding } from "../checks/finding";
import type { GraphView } from "../graph/view";

/**
 * One way in which a fault explains another, so that a person sees one problem and not a forest of reds.
 * `links` answers for a concrete pair. With `joint`, several findings explain the effect only together (both NICs of a bond): the effect is then
 * the head of the problem and the findings stand under it as its reasons; else the cause is the head and the effect stands under it.
 * Each file in this folder exports exactly one, as `rule`.
 */
export interface CauseRule {
  readonly id: string;
  /** Check ids whose findings can be the cause. */
  readonly cause: readonly string[];
  /** Check ids whose findings can be explained by it. */
  readonly effect: readonly string[];
  readonly joint?: boolean;
  /** The case in e2e/lab/cases in which the rule must be seen to hang something, or why it cannot be made there (then a unit test stands in). */
  readonly lab: { readonly case: string } | { readonly none: string };
  links(cause: Finding, effect: Finding, graph: GraphView): boolean;
}
