/** What the lab said of each fault when it was last made, one file a case under results/, written by runs only: the source of docs/accuracy.md. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { labDir } from "./config";
import { type Diagnosis, isGood } from "./diagnosis";

const Row = z.object({
  id: z.string(),
  check: z.string(),
  found: z.boolean(),
  subjectRight: z.boolean(),
  subject: z.string(),
  impactsRight: z.boolean(),
  impacts: z.array(z.string()),
  otherReds: z.array(z.string()),
  beside: z.array(z.string()).default([]),
  explained: z.number().default(0),
  falseAlarms: z.array(z.string()),
  /** From the fault to the finding, s. */
  seconds: z.number(),
  via: z.enum(["event", "sweep"]),
  cleared: z.boolean(),
  left: z.array(z.string()).default([]),
  hung: z.array(z.object({ rule: z.string(), effect: z.string(), under: z.string() })).default([]),
  unhung: z.array(z.string()).default([]),
});

const Taken = z.object({
  takenAt: z.iso.datetime(),
  /** What of this repository was run: its commit, with "+" where files differed from it. */
  commit: z.string().default("unknown"),
});

const Result = z.union([
  Taken.extend({ row: Row }),
  /** The case could not be made or broke off: it has proved nothing. */
  Taken.extend({ id: z.string(), broke: z.string() }),
]);
export type Result = z.infer<typeof Result>;

const folder = join(labDir, "results");

export const idOf = (result: Result): string => ("row" in result ? result.row.id : result.id);

export const held = (result: Result): boolean => "row" in result && isGood(result.row);

/** Keeps what a run said of a case, good or not, in place of what was said before. */
export function record(said: Diagnosis | { readonly id: string; readonly broke: string }): void {
  const taken = { takenAt: new Date().toISOString(), commit: commit() };
  const result = "broke" in said ? { ...taken, ...said } : { ...taken, row: said };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${said.id}.json`), `${JSON.stringify(Result.parse(result), null, 2)}\n`);
}

/** Results themselves are no difference: a run writes them as it goes. */
function commit(): string {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: labDir, encoding: "utf8" }).stdout?.trim() ?? "";
  const changed = git("status", "--porcelain", "--", ":/", ":(exclude,top)e2e/lab/results", ":(exclude,top)docs");
  return `${git("rev-parse", "--short", "HEAD") || "unknown"}${changed === "" ? "" : "+"}`;
}

/** Every recorded result, by case. A file that is no result is an error that names it. */
export function recorded(): ReadonlyMap<string, Result> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  return new Map(
    files.sort().map((file) => {
      const parsed = Result.safeParse(JSON.parse(readFileSync(join(folder, file), "utf8")));
      if (!parsed.success) throw new Error(`e2e/lab/results/${file} is no result of a run: ${parsed.error.message}`);
      return [idOf(parsed.data), parsed.data];
    }),
  );
}
