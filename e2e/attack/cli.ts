/**
 * `npm run attack`: attacks the built product as `npm start` runs it, and says what held. `-- ID...`: only these; `-- web hostile`: only these attackers.
 * `--fast`: leaves out what takes long (`npm test`). `--prove`: on a product with holes made on purpose, where the attacks that name one must succeed.
 * `--record`: what was tried now is written to e2e/attack/results.json, of which docs/security.md has its tables; with `--prove`, what was proved.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { attackers } from "./define";
import { Recorded, type Result } from "./recorded";
import { allAttacks, type Known, tryOne } from "./run";
import { weakened, weaknesses } from "./weaknesses";
import { World } from "./world";

const path = "e2e/attack/results.json";
const flags = new Set(process.argv.slice(2).filter((word) => word.startsWith("--")));
const named = process.argv.slice(2).filter((word) => !word.startsWith("--"));
for (const flag of flags)
  if (!["--fast", "--prove", "--record"].includes(flag))
    throw new Error(`there is no ${flag}: --fast, --prove, --record`);
if (process.getuid?.() !== 0)
  throw new Error("the boundary between the processes is there only for root: run it as root");

async function main(): Promise<number> {
  const known = await allAttacks();
  for (const name of named)
    if (!(name in attackers) && !known.some((attack) => attack.id === name))
      throw new Error(`there is no attack ${name}`);
  const chosen = known.filter(
    (attack) =>
      (named.length === 0 || named.includes(attack.id) || named.includes(attack.attacker)) &&
      !(flags.has("--fast") && attack.slow),
  );
  const proofs = flags.has("--prove") ? await prove(chosen) : new Map<string, boolean>();
  const results = flags.has("--prove") ? [] : await attackAll(known, chosen);
  if (flags.has("--record")) record(known, results, proofs);
  report(results, proofs);
  if (named.length === 0 && flags.size === 1 && flags.has("--fast")) stale(known);
  return results.every((one) => one.held) && [...proofs.values()].every(Boolean) ? 0 : 1;
}

async function attackAll(known: readonly Known[], chosen: readonly Known[]): Promise<Result[]> {
  const world = await World.make();
  const results: Result[] = [];
  try {
    for (const attack of chosen) {
      const result = await tryOne(world, attack);
      results.push(result);
      // After each, so that a run that is broken off leaves what it has seen.
      if (flags.has("--record")) record(known, results, new Map());
      console.log(
        `${result.held ? "held" : "FELL"}  ${attack.attacker}/${attack.id}  ${result.outcome}  [${result.seen}]  ${(result.ms / 1000).toFixed(1)} s`,
      );
    }
  } finally {
    await world.dispose();
  }
  return results;
}

/** On the product with holes: each attack that names one must find its way. */
async function prove(chosen: readonly Known[]): Promise<Map<string, boolean>> {
  const proofs = new Map<string, boolean>();
  const world = await World.make(weakened());
  try {
    const sameUser = world.withWebAs({ uid: 0, gid: 0, groups: [0] });
    for (const attack of chosen.filter((one) => one.succeedsWith !== undefined)) {
      if (!(attack.succeedsWith ?? "" in weaknesses))
        throw new Error(`${attack.id}: there is no weakness ${attack.succeedsWith}`);
      const tried = await attack.attempt(attack.succeedsWith === "same-user" ? sameUser : world);
      proofs.set(attack.id, tried.harm !== null);
      console.log(
        `${tried.harm === null ? "NOT PROVED" : "succeeds"}  ${attack.id}, where ${weaknesses[attack.succeedsWith ?? ""]?.says}: ${(tried.harm ?? tried.refused ?? "").slice(0, 160)}`,
      );
    }
  } finally {
    await world.dispose();
  }
  return proofs;
}

/** Writes down what was tried now, beside what was recorded of the others. */
function record(known: readonly Known[], results: readonly Result[], proofs: ReadonlyMap<string, boolean>): void {
  const git = (...args: string[]) => spawnSync("git", args, { encoding: "utf8" }).stdout.trim();
  const changed = git("status", "--porcelain", "--", "server", "lib", "app", "components", "scripts") !== "";
  const commit = `${git("rev-parse", "--short=12", "HEAD")}${changed ? " with changes" : ""}`;
  const before = existsSync(path)
    ? Recorded.parse(JSON.parse(readFileSync(path, "utf8")))
    : { results: {}, proofs: {} };
  const after: Recorded = { results: {}, proofs: {} };
  for (const { id, succeedsWith } of known) {
    const result = results.find((one) => one.id === id);
    const last = result ? { ...result, commit } : before.results[id];
    if (last) after.results[id] = last;
    const where = weaknesses[succeedsWith ?? ""]?.says;
    const proof = proofs.get(id) && where ? { commit, where } : proofs.has(id) ? undefined : before.proofs[id];
    if (proof) after.proofs[id] = proof;
  }
  writeFileSync(path, `${JSON.stringify(Recorded.parse(after), null, 2)}\n`);
}

/** An attack that was added, or whose words have changed, since the record was made is not in the table: say so. */
function stale(known: readonly Known[]): void {
  const { results } = Recorded.parse(JSON.parse(readFileSync(path, "utf8")));
  const missing = known.filter((attack) => results[attack.id]?.wants !== attack.wants).map(({ id }) => id);
  const gone = Object.keys(results).filter((id) => !known.some((attack) => attack.id === id));
  if (missing.length + gone.length > 0)
    throw new Error(
      `${path} is not of these attacks (${[...missing, ...gone].join(", ")}): run npm run attack -- --record`,
    );
}

/** For `npm test`, in the form of the other steps. */
function report(results: readonly Result[], proofs: ReadonlyMap<string, boolean>): void {
  const tests = [
    ...results.map((one) => ({
      status: one.held ? "passed" : "failed",
      fullName: one.id,
      failureMessages: [one.outcome],
    })),
    ...[...proofs].map(([id, proved]) => ({
      status: proved ? "passed" : "failed",
      fullName: `proof of ${id}`,
      failureMessages: ["it does not succeed on a product with that hole"],
    })),
  ];
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  mkdirSync("test-results-json", { recursive: true });
  const told = {
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    testResults: [{ name: "e2e/attack", status: "done", assertionResults: tests }],
  };
  writeFileSync("test-results-json/attack.json", JSON.stringify(told));
  console.log(`${count("passed")} held, ${count("failed")} did not`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exit(1);
  },
);
