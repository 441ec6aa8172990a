/**
 * `npm run bench [-- PART... --against COMMIT]`: ratios against a floor of the same run, or against another commit in the same run. Never part of the tests: times are the machine's, ratios are
 * ours.
 */
import { parseArgs } from "node:util";
import { build } from "../../scripts/build.mjs";
import { compare, frames, idleWords, printRow } from "./against";
import { checkOut, here } from "./checkout";
import { checksCost } from "./engine";
import { events } from "./events";
import { fleet } from "./fleet";
import { idle, kinds, paints } from "./page";
import { write } from "./report";
import { median, ms, type Row } from "./stats";
import { firstGraph, sweep } from "./sweep";

const measures: Record<string, { says: string; run: () => Promise<Row[]> }> = {
  a: { says: "link change to the browser", run: async () => [await events()] },
  b: { says: "full sweep", run: async () => [await sweep()] },
  c: { says: "login and first graph", run: async () => [await firstGraph()] },
  d: { says: "a fleet", run: () => fleet([20, 200]) },
  e: { says: "all checks", run: () => Promise.resolve(checksCost()) },
  f: { says: "a change of state to the painted frame", run: painted },
  g: { says: "an idle page", run: async () => [alone("g", idleWords, ms(await idle(here)))] },
};

const usage = `npm run bench [-- PART...] [--against COMMIT [--rounds N]] [--write]

${Object.entries(measures)
  .map(([id, { says }]) => `  ${id}  ${says}`)
  .join("\n")}

a, b and c need root: they make network namespaces. f and g need Chromium (CHROMIUM names another than /usr/bin/chromium).
--against  makes a worktree of that commit, installs and builds it, and measures both in turns: claims of ratios to it need that
--rounds   how often (3)
--write    puts what was measured into docs/bench.md`;

async function painted(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [at, kind] of kinds.entries())
    rows.push(alone(`f${at + 1}`, frames[kind], ms(median(await paints(here, kind)))));
  return rows;
}

/** What has no floor: it is claimed against another commit. */
function alone(id: string, what: string, ours: string): Row {
  return { id, what, ours, floor: "-", ratio: "-", bound: "only with --against", holds: undefined };
}

function refuse(why: string): never {
  console.error(`${why}\n\n${usage}`);
  process.exit(2);
}

function given() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        against: { type: "string" },
        rounds: { type: "string", default: "3" },
        write: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = given();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const wrong = positionals.filter((word) => !(word in measures));
if (wrong.length > 0) refuse(`no part ${wrong.join(", ")}; there are ${Object.keys(measures).join(", ")}`);
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 20)
  refuse(`--rounds is a number from 1 to 20, not ${values.rounds}`);
const parts = Object.keys(measures).filter((id) => positionals.length === 0 || positionals.includes(id));

await build();
const rows: Row[] = [];
for (const id of parts) {
  console.error(`(${id}) ${measures[id]?.says} ...`);
  rows.push(...((await measures[id]?.run()) ?? []));
}
for (const row of rows) console.log(printRow(row));
let fails = rows.some((row) => row.holds === false);
if (values.against !== undefined) {
  const other = await checkOut(values.against);
  try {
    const compared = await compare(other, parts, rounds);
    for (const one of compared)
      console.log(
        `(${one.id}) ${one.what}\n    ${one.now}; ${other.commit}: ${one.before}; ratio ${one.ratio.toFixed(2)}${one.bound === undefined ? "" : `; at most ${one.bound.toFixed(2)}: ${one.holds ? "holds" : "DOES NOT HOLD"}`}`,
      );
    fails ||= compared.some((one) => one.holds === false);
    if (values.write) await write(rows, { commit: other.commit, rounds, compared });
  } finally {
    await other.remove();
  }
} else if (values.write) await write(rows);
process.exit(fails ? 1 : 0);
