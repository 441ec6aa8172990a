import * as z from "zod";
import { SaidShape } from "../said";

/** A step in the course of a remedy. */
export const RemedyProgress = z.object({
  run: z.string(),
  host: z.string(),
  phase: z.enum([
    "probing",
    "arming",
    "applying",
    "settling",
    "verifying",
    "kept",
    "undoing",
    "undone",
    "failed",
    "unknown",
  ]),
  says: SaidShape,
  at: z.number(),
  /** Until when the host undoes by itself unless told otherwise, Unix ms. */
  undoAt: z.number().optional(),
});
export type RemedyProgress = z.infer<typeof RemedyProgress>;

/** Body of a job of kind "remedy", whose id is the run's: its steps so far, oldest first. */
export const RemedyBody = z.object({ steps: z.array(RemedyProgress) });
export type RemedyBody = z.infer<typeof RemedyBody>;
