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
  ms: z.number(),
});
export type Result = z.infer<typeof Result>;

/** By id: what came of the last recorded attempt, and of the last attempt on a product with holes; each of the commit that it names. */
export const Recorded = z.object({
  results: z.record(z.string(), Result.extend({ commit: z.string() })),
  /** The weakness under which the same attempt was seen to succeed. */
  proofs: z.record(z.string(), z.object({ commit: z.string(), where: z.string() })),
});
export type Recorded = z.infer<typeof Recorded>;
