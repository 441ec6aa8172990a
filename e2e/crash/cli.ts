import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { crash } from "./run";

const help = `npm run crash [-- OPTIONS]

Starts the built product, writes hosts, thresholds, users, tokens, shares and changes on real hosts (sshd in network namespaces),
kills the collector or the web process at random meanwhile, and holds what is there against what was acknowledged. Needs root,
and "npm run build" before. Exit 0: everything that was acknowledged is there, and every change has its end.

  --kills N     how many kills (default 200)
  --seed N      which ones (default: by the clock, and printed)
  --hosts N     real hosts (default 4)
  --minutes N   ends after so many, with the kills that were made by then (default: no end)
  --record      writes e2e/crash/result.json
  --help        prints this`;

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    hosts: { type: "string", default: "4" },
    minutes: { type: "string", default: "100000" },
    record: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const number = (name: "kills" | "seed" | "hosts" | "minutes"): number => {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} ${values[name]}: not a whole number above 0`);
  return value;
};
if (process.getuid?.() !== 0) throw new Error("namespaces, and a user of its own for the web process, need root");

const [kills, seed, hosts, minutes] = [number("kills"), number("seed"), number("hosts"), number("minutes")];
console.log(`${kills} kills, seed ${seed}`);
const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
const changed = git("status", "--porcelain", "--untracked-files=no") !== "";
/** As of the start: what is changed meanwhile is not what runs. */
const commit = git("rev-parse", "HEAD") + (changed ? " and changes that are not committed" : "");
const begun = Date.now();
const result = await crash({ kills, seed, hosts, compareEvery: 40, minutes, log: (line) => console.log(line) });
const seconds = Math.round((Date.now() - begun) / 1_000);
console.log(JSON.stringify({ ...result, seconds }, null, 2));
if (values.record) {
  const load = loadavg().map((one) => one.toFixed(1));
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, load ${load.join(" ")}`;
  const record = { commit, at: new Date().toISOString(), machine, seed, hosts, seconds, ...result };
  writeFileSync(new URL("result.json", import.meta.url), `${JSON.stringify(record, null, 2)}\n`);
}
console.log(result.wrong.length === 0 ? "holds" : `DOES NOT HOLD:\n  ${result.wrong.join("\n  ")}`);
process.exit(result.wrong.length === 0 ? 0 : 1);
