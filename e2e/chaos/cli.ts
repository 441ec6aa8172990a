/**
 * `npm run chaos [-- --hosts 200 --seconds 60 --ways flapping,huge]`: a fleet of simulated hosts, one of them hostile in each of twelve ways in turn.
 * All ways: writes e2e/chaos/result.json. Exit 0: every delta of the others arrived, at p95 in at most twice the quiet time.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { chaos, failures } from "./run";
import { ways } from "./ways";

const words = process.argv.slice(2);
const number = (name: string, usual: number): number => {
  const at = words.indexOf(`--${name}`);
  const value = at < 0 ? usual : Number(words[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} wants a whole number`);
  return value;
};
const hosts = number("hosts", 200);
const seconds = number("seconds", 60);
const guests = 10;
const only = words.includes("--ways") ? words[words.indexOf("--ways") + 1]?.split(",") : undefined;
const chosen = ways.filter(({ id }) => only?.includes(id) ?? true);
if (only !== undefined && chosen.length !== only.length)
  throw new Error(`--ways wants some of ${ways.map(({ id }) => id).join(",")}`);
const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
const commit =
  git("rev-parse", "HEAD") +
  (git("status", "--porcelain", "--untracked-files=no") === "" ? "" : " and changes that are not committed");
/** A quiet p95 below this is the machine's own unrest. */
const floorMs = 10;

const load = loadavg()
  .map((one) => one.toFixed(1))
  .join(" ");
const result = await chaos({
  hosts,
  guests,
  quietMs: seconds * 1_000,
  wayMs: seconds * 1_000,
  perSecond: 20,
  ways: chosen,
  onPart: ({ way, changes, lost, p50, p95, worst, states, rssMb, simulatorLate, loop }) =>
    console.log(
      `${way}: ${changes} changes, ${lost} lost; p50 ${p50} ms, p95 ${p95} ms, worst ${worst} ms; simulator late by ${simulatorLate} ms; loop late by ${loop.p95} ms, worst ${loop.worst}, busy ${loop.share}, GC ${loop.gcMs} ms, worst ${loop.gcWorst}; ${rssMb} MB; hostile host ${Object.keys(states).join(", ")}`,
    ),
});
const failed = failures(result, floorMs);
// Some of the ways prove nothing of all of them: they are looked at, and not kept.
if (only !== undefined) {
  console.log(failed.length === 0 ? "these hold" : `DOES NOT HOLD:\n  ${failed.join("\n  ")}`);
  process.exit(failed.length === 0 ? 0 : 1);
}
const says = Object.fromEntries(ways.map((way) => [way.id, way.says]));
writeFileSync(
  new URL("result.json", import.meta.url),
  `${JSON.stringify({ commit, at: new Date().toISOString(), machine: `${cpus().length} x ${cpus()[0]?.model ?? "?"}, load ${load}`, hosts, guests, secondsEach: seconds, measured: "from a simulated host's link change to the delta as the fleet publishes it (where the bus takes it up)", floorMs, says, failed, ...result }, null, 2)}\n`,
);
console.log(failed.length === 0 ? "holds" : `DOES NOT HOLD:\n  ${failed.join("\n  ")}`);
process.exit(failed.length === 0 ? 0 : 1);
