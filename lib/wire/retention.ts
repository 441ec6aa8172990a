import { z } from "zod";

const days = (least: number) => z.number().int().min(least).max(3650).default(400);

/** How long things are kept, days. What is younger than the least cannot be thrown away by a setting: whoever takes over an account would clear his traces. */
export const Retention = z.object({
  /** Rows of the audit log. */
  auditDays: days(90),
  /** Guarded changes that have ended. */
  runDays: days(30),
  /** What is left of a shared incident (its name and note) after it has ended. */
  incidentDays: days(1),
});
export type Retention = z.infer<typeof Retention>;

export const RetentionChange = z
  .strictObject({ auditDays: days(90).unwrap(), runDays: days(30).unwrap(), incidentDays: days(1).unwrap() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "nothing to change");
export type RetentionChange = z.infer<typeof RetentionChange>;
