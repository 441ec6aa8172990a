import * as z from "zod";
import { Problem } from "../../problems/problem";
import { defineTopic, putAndDrop } from "./define";

/**
 * A problem, and the host that it is on. Its key names its subject, and with it the host: it is unlike any other
 * host's.
 */
export const FleetProblem = Problem.extend({ host: z.string() });
export type FleetProblem = z.infer<typeof FleetProblem>;

const keyOf = (problem: FleetProblem) => problem.key;

/** Every problem of every host. */
export const topic = defineTopic({
  id: "problems",
  of: "all",
  snapshot: z.object({ problems: z.array(FleetProblem) }),
  delta: z.object({
    put: z.array(FleetProblem),
    drop: z.array(z.string()),
    /** Hosts that are gone, or of which nothing is known any more, with all their problems; before what is put. */
    gone: z.array(z.string()),
  }),
  open: ({ problems }): ReadonlyMap<string, FleetProblem> => new Map(problems.map((one) => [keyOf(one), one])),
  apply(before, delta) {
    const gone = new Set(delta.gone);
    const rest = gone.size === 0 ? before : new Map([...before].filter(([, { host }]) => !gone.has(host)));
    return putAndDrop(rest, delta, keyOf);
  },
});
