import * as z from "zod";
import { storedVersion } from "./upgrade";

/** A problem as the history keeps it, beside the columns by which it is found. Frozen, as incident-1.ts is. */
export const problem1 = storedVersion(
  1,
  z.looseObject({
    version: z.literal(1),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.looseObject({ en: z.string(), zh: z.string() })])),
    tail: z.array(z.looseObject({ key: z.string(), cause: z.string() })),
    impacts: z.array(z.string()),
    last: z.number(),
    flaps: z.number(),
  }),
);
