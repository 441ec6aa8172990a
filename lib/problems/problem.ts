import * as z from "zod";
import { Finding } from "../checks/finding";

/**
 * Findings that have one cause, as one thing: the head is the finding to mend, the tail is what follows from it. It
 * lives as long as its head does, and has its key. The collector's engine makes it
 * (server/collector/engine/problems.ts); pages, cards, incidents and the history take it from there.
 */
export const Problem = z.object({
  /** Key of the head, `<check>@<subject>`. */
  key: z.string(),
  check: z.string(),
  /** Id of the node or edge on which the head stands. */
  subject: z.string(),
  status: z.enum(["fail", "warn"]),
  /** English sentence of the head, complete; other languages are made from `params` and the check's wording. */
  message: z.string(),
  params: Finding.shape.params,
  /**
   * What is reported under the head, at any depth, worst first: key of each finding, and key of the one that explains
   * it.
   */
  tail: z.array(z.object({ key: z.string(), cause: z.string() })),
  /** Ids of the vm nodes that it cuts off. */
  impacts: z.array(z.string()),
  /** When it was first seen, Unix ms. One that went and came back soon is the same, and keeps it. */
  since: z.number(),
  /** When it was last seen to come: `since`, or its newest return. */
  last: z.number(),
  /** How often it has come back since `since`. */
  flaps: z.number().int().nonnegative(),
});
export type Problem = z.infer<typeof Problem>;

/** When a problem came, and how often it did. */
export type Occurrence = Pick<Problem, "since" | "last" | "flaps">;

/** A problem on a card: numbers in place of lists. */
export const ProblemBrief = Problem.omit({ tail: true, impacts: true }).extend({
  /** How many findings follow from it. */
  tail: z.number().int(),
  /** How many guests it cuts off. */
  impacts: z.number().int(),
});
export type ProblemBrief = z.infer<typeof ProblemBrief>;

export const briefOf = (problem: Problem): ProblemBrief => ({
  ...problem,
  tail: problem.tail.length,
  impacts: problem.impacts.length,
});
