// `npm run systemd:all [-- RELEASE...]`: the step `systemd` on Debian's releases (all, unless some are named), and what was seen written to recorded.json with its commit.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { release as kernel } from "node:os";
import { z } from "zod";
import { releases, releasesOfThisRun } from "./machine";

const record = "e2e/systemd/recorded.json";
const report = "test-results-json/systemd-all.json";

const Report = z.object({
  testResults: z.array(
    z.object({
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});
const Seen = z.object({
  systemd: z.number(),
  /** Of the checkout; `dirty` where it had changes that are in no commit. */
  commit: z.string(),
  dirty: z.boolean(),
  at: z.string(),
  kernel: z.string(),
  passed: z.number(),
  failed: z.array(z.string()),
  /** Not run, because what comes before the tests of a file failed. */
  skipped: z.number(),
});

const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
const wanted = releasesOfThisRun(process.argv.slice(2).join(",") || "all");
// Asked before the run: what is changed meanwhile was not all of what ran.
const commit = git("rev-parse", "HEAD");
const dirty = git("status", "--porcelain", "--untracked-files=no", "--", ".", `:!${record}`) !== "";

rmSync(report, { force: true });
const args = ["vitest", "run", "--project", "systemd", "--reporter=default", "--reporter=json"];
const ran = spawnSync("npx", [...args, `--outputFile.json=${report}`], {
  stdio: "inherit",
  env: { ...process.env, SYSTEMD_RELEASES: wanted.join(",") },
});
if (!existsSync(report)) throw new Error(`the run left no report (status ${ran.status})`);
const tests = Report.parse(JSON.parse(readFileSync(report, "utf8"))).testResults.flatMap(
  (file) => file.assertionResults,
);

const seen = z.record(z.string(), Seen).parse(existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : {});
for (const name of wanted) {
  const own = tests.filter((test) => new RegExp(` on ${name} `).test(test.fullName));
  const of = (status: string) => own.filter((test) => test.status === status);
  seen[name] = {
    systemd: releases[name],
    commit,
    dirty,
    at: new Date().toISOString(),
    kernel: kernel(),
    passed: of("passed").length,
    failed: of("failed").map((test) => test.fullName),
    skipped: own.length - of("passed").length - of("failed").length,
  };
  console.log(`${name}: ${of("passed").length} passed of ${own.length}`);
}
writeFileSync(record, `${JSON.stringify(seen, null, 2)}\n`);
// A run in which a release had no test has shown nothing of it.
process.exit(ran.status === 0 && wanted.every((name) => (seen[name]?.passed ?? 0) > 0) ? 0 : 1);
