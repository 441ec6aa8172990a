import * as z from "zod";
import { layers } from "./define";

/** Words of ours, in every language. */
const Words = z.object({ en: z.string(), zh: z.string() });

export const EvidenceSchema = z.object({ command: z.string(), excerpt: z.string() });

/** A verdict that is worth showing: something fails, warns, or could not be judged. Key: `<check>@<subject>`. */
export const Finding = z.object({
  key: z.string(),
  check: z.string(),
  layer: z.enum(layers),
  status: z.enum(["fail", "warn", "unknown"]),
  host: z.string(),
  /** Id of the node or edge. */
  subject: z.string(),
  /** English sentence, complete; other languages are made from `params` and the check's wording. */
  message: z.string(),
  /** What stands in the places of the check's wording; words are there in every language. */
  params: z.record(z.string(), z.union([z.string(), z.number(), Words])),
  evidence: z.array(EvidenceSchema),
  /** Edges that are cut by it: drawn red. */
  breaks: z.array(z.string()),
  /** The subject itself passes nothing any more. */
  cuts: z.boolean(),
  alsoOn: z.array(z.string()),
  /** Unix ms of the first evaluation that found it. */
  since: z.number(),
  /** Why it could not be judged, for status unknown; one string in incidents that were kept before reasons had languages. */
  because: z.union([z.string(), Words]).optional(),
  /** Key of the finding under which this one is reported; absent on the head of a problem. */
  cause: z.string().optional(),
  /** Ids of the vm nodes that are cut off by it (heads only; empty for others). */
  impacts: z.array(z.string()),
  /** Ids of the remedies that can mend it, gentlest first; absent where there is none. */
  remedies: z.array(z.string()).optional(),
  /** The thresholds that it was judged by, by their names in the check's `settings`; absent where the check asked for none, and on unknowns. */
  thresholds: z.record(z.string(), z.number()).optional(),
});
export type Finding = z.infer<typeof Finding>;
