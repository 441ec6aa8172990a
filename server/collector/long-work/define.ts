import type { z } from "zod";
import type { Json } from "@/lib/graph/model";
import type { Wording } from "@/lib/wording";
import type { Fleet } from "../fleet/fleet";

/** What a job works with. */
export interface JobContext {
  readonly fleet: Pick<Fleet, "host">;
  /** Aborted when a person cancels it, or the collector ends. Whoever goes on after it does what nobody wants any more. */
  readonly signal: AbortSignal;
  /** Tells everybody who looks how far it is. `phase`: a word of the kind. */
  tell(phase: string, words: Wording, body: Json): void;
}

/** How a job ended. */
export interface JobEnd {
  readonly phase: string;
  readonly words: Wording;
  readonly body: Json;
}

/**
 * Work that takes its time: begun by a person, done by the collector, seen by everybody who looks (topic `job`). Each file in kinds/ exports exactly one, as `job`.
 */
export interface JobKind<Id extends string = string, S extends z.ZodType = z.ZodType> {
  readonly id: Id;
  readonly title: Wording;
  readonly params: S;
  /** As many of this kind may run on one host at once. */
  readonly mostPerHost: number;
  /** Ids of the hosts on which it works. */
  hosts(params: z.output<S>): readonly string[];
  /** Resolves when it has ended; rejects where it failed, with what a person can read. When `signal` was aborted, what it resolves with is not looked at. */
  run(params: z.output<S>, context: JobContext): Promise<JobEnd>;
}

export const defineJob = <const Id extends string, S extends z.ZodType>(kind: JobKind<Id, S>): JobKind<Id, S> => kind;
