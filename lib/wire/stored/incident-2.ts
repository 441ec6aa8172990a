import * as z from "zod";
import { Incident1, Snapshot1 } from "./incident-1";
import { storedVersion } from "./upgrade";

/** An incident with its problems. Frozen, as incident-1.ts is. */
export const Incident2 = Incident1.extend({
  version: z.literal(2),
  snapshot: Snapshot1.extend({
    problems: z.array(
      z.looseObject({
        key: z.string(),
        check: z.string(),
        subject: z.string(),
        status: z.enum(["fail", "warn"]),
        message: z.string(),
        params: z.record(
          z.string(),
          z.union([z.string(), z.number(), z.looseObject({ en: z.string(), zh: z.string() })]),
        ),
        tail: z.array(z.looseObject({ key: z.string(), cause: z.string() })),
        impacts: z.array(z.string()),
        since: z.number(),
        last: z.number(),
        flaps: z.number(),
      }),
    ),
  }),
});

export const incident2 = storedVersion(2, Incident2);
