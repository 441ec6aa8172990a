import * as z from "zod";

/** Words of ours, in every language. */
export const Words = z.object({ en: z.string(), zh: z.string() });

/** A sentence by its key (lib/text/run-words.ts) with the values of its places. */
export const SaidShape = z.object({
  id: z.string().max(100),
  params: z.record(z.string(), z.union([z.string(), z.number(), Words])),
});
export type Said = z.infer<typeof SaidShape>;
