import * as z from "zod";
import { Problem } from "./problem";

/** A row of the history: a problem as it was when it was seen last. */
export const PastProblem = Problem.extend({
  id: z.number(),
  host: z.string(),
  /** Absent on what was kept before languages were: then the English sentence is all that there is. */
  params: Problem.shape.params.optional(),
  /** When it ended, Unix ms; null while it is open. */
  closedAt: z.number().nullable(),
});
export type PastProblem = z.infer<typeof PastProblem>;
