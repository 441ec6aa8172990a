/** `npm run bench [-- a b c d e]`: ratios against a floor of the same run. Never part of the tests: times are the machine's, ratios are ours. */
import { build } from "../../scripts/build.mjs";
import { checksCost } from "./engine";
import { events } from "./events";
import { fleet } from "./fleet";
import type { Row } from "./stats";
import { firstGraph, sweep } from "./sweep";

const measures: Record<string, { says: string; run: () => Promise<Row[]> }> = {
  a: { says: "link change to the browser", run: async () => [await events()] },
  b: { says: "full sweep", run: async () => [await sweep()] },
  c: { says: "login and first graph", run: async () => [await firstGraph()] },
  d: { says: "a fleet", run: () => fleet([20, 200]) },
  e: { says: "all checks", run: () => Promise.resolve(checksCost()) },
};

const words = process.argv.slice(2);
if (words.includes("--help") || words.includes("-h")) {
  console.log(
    `npm run bench [-- PART...]\n\n${Object.entries(measures)
      .map(([id, m]) => `  ${id}  ${m.says}`)
      .join("\n")}\n\na, b and c need root: they make network namespaces.`,
  );
  process.exit(0);
}
const wrong = words.filter((word) => !(word in measures));
if (wrong.length > 0) {
  console.error(`no part ${wrong.join(", ")}; there are ${Object.keys(measures).join(", ")}`);
  process.exit(2);
}
await build();
const rows: Row[] = [];
for (const [id, measure] of Object.entries(measures)) {
  if (words.length > 0 && !words.includes(id)) continue;
  console.error(`(${id}) ${measure.says} ...`);
  rows.push(...(await measure.run()));
}
for (const row of rows) {
  const verdict = row.holds === undefined ? "not measured" : row.holds ? "holds" : "DOES NOT HOLD";
  console.log(
    `(${row.id}) ${row.what}\n    ${row.ours}; floor: ${row.floor}; ratio ${row.ratio}; bound ${row.bound}: ${verdict}${row.note ? ` (${row.note})` : ""}`,
  );
}
process.exit(rows.some((row) => row.holds === false) ? 1 : 0);
