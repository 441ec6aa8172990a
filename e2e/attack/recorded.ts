import { z } from "zod";
import { type Attacker, attackers } from "./define";

/** What came of an attack, as it is recorded. */
export const Result = z.object({
  id: z.string(),
  attacker: z.enum(Object.keys(attackers) as [Attacker, ...Attacker[]]),
  finding: z.number(),
  wants: z.string(),
  held: z.boolean(),
  /** What refused it; where it did not hold, what the attacker got or what failed. */
  outcome: z.string(),
  /** The line of the log or the row of the audit log that shows it; or why nothing can. */
  seen: z.string(),
  /** The weakness under which the same attempt was seen to succeed. */
  proved: z.string().nullable(),
  ms: z.number(),
});
export type Result = z.infer<typeof Result>;

export const Recorded = z.object({ commit: z.string(), at: z.string(), node: z.string(), results: z.array(Result) });
export type Recorded = z.infer<typeof Recorded>;
