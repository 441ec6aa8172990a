import * as z from "zod";
import { Json } from "../../graph/model";
import { defineTopic, putAndDrop } from "./define";

/** Long work: begun by a person, done by the collector, and seen by everybody who looks. */
export const Job = z.object({
  id: z.string(),
  /** What kind of work it is; says what `body` holds. */
  kind: z.string(),
  /** Ids of the hosts on which it works. */
  hosts: z.array(z.string()),
  /** How far it is, by a word of its kind. */
  phase: z.string(),
  /** What it does now, or how it ended. */
  words: z.object({ en: z.string(), zh: z.string() }),
  startedAt: z.number(),
  /** Of the newest change, Unix ms. */
  at: z.number(),
  /** Nothing more happens. It stays to be seen for a while. */
  ended: z.boolean(),
  body: Json,
});
export type Job = z.infer<typeof Job>;

const idOf = (job: Job) => job.id;

export const topic = defineTopic({
  id: "job",
  of: "all",
  snapshot: z.object({ jobs: z.array(Job) }),
  delta: z.object({ put: z.array(Job), drop: z.array(z.string()) }),
  open: ({ jobs }): ReadonlyMap<string, Job> => new Map(jobs.map((job) => [idOf(job), job])),
  apply: (before, delta) => putAndDrop(before, delta, idOf),
});
