import type * as z from "zod";
import { Problem } from "../../problems/problem";
import { problem1 } from "./problem-1";
import { upgraded } from "./upgrade";

/** Every version of what the history keeps of a problem, oldest first. */
export const problemVersions = [problem1] as const;

/** What stands beside the columns of a row. */
export const ProblemBody = Problem.pick({ params: true, tail: true, impacts: true, last: true, flaps: true });
export type ProblemBody = z.infer<typeof ProblemBody>;

/** The body of a problem as it is stored. */
export const writeProblemBody = ({ params, tail, impacts, last, flaps }: ProblemBody): string =>
  JSON.stringify({ version: problemVersions.length, params, tail, impacts, last, flaps });

/**
 * What was stored, as this build reads it; undefined for a row of before bodies were kept, which has an English
 * sentence only.
 *
 * @throws StoredValueProblem where it is of no known version or does not fit it.
 */
export function readProblemBody(stored: string): ProblemBody | undefined {
  return stored === "" ? undefined : ProblemBody.parse(upgraded("problem", problemVersions, JSON.parse(stored)));
}
