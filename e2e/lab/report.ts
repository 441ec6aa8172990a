/** `npm run lab:report`: docs/accuracy.md from what runs recorded in results/. `--run` first makes every fault anew (two hours on two cores). */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { type Check, layers } from "@/lib/checks/define";
import { checks } from "@/lib/checks/registry";
import { layerWord } from "@/lib/text/labels";
import { loadCases } from "./cases";
import { isGood } from "./diagnosis";
import { causesPart, provedRules } from "./report-causes";
import { held, idOf, type Result, recorded } from "./results";

const given = process.argv.slice(2);
if (given.includes("--help") || given.includes("-h")) {
  console.log(
    "npm run lab:report [-- --run | --check]\n\nWrites docs/accuracy.md from the recorded results of `npm run lab:faults -- --record`.\n--run makes every fault anew first (two hours on two cores).\n--check writes nothing, and ends with 1 when the page is not as the results say.",
  );
  process.exit(0);
}
if (given.includes("--run")) {
  const ran = spawnSync("npx", ["tsx", "e2e/lab/faults.ts", "--record"], { stdio: "inherit" });
  // 1 is a fault that did not hold, which the page tells; anything else is a run that did not take place.
  if (ran.status !== 0 && ran.status !== 1)
    throw new Error(`the faults were not made: ${ran.error?.message ?? `exit ${ran.status ?? ran.signal}`}`);
}

const cases = await loadCases();
const results = recorded();
for (const id of results.keys())
  if (!cases.some((one) => one.id === id)) throw new Error(`results/${id}.json has no case any more: delete it`);
if (given.includes("--check")) {
  const same = readFileSync("docs/accuracy.md", "utf8") === page();
  console.log(same ? "docs/accuracy.md is as the results say" : "docs/accuracy.md is old: npm run lab:report");
  process.exit(same ? 0 : 1);
}
writeFileSync("docs/accuracy.md", page());
console.log("written: docs/accuracy.md");

function page(): string {
  const all = [...results.values()];
  const rows = all.flatMap((result) => ("row" in result ? [result.row] : []));
  const dates = all.map((result) => result.takenAt).sort();
  const found = rows.filter((row) => row.found);
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);
  const explained = sum((row) => row.explained);
  const beside = sum((row) => row.beside.length);
  const others = sum((row) => row.otherReds.length);
  const alarms = new Set(rows.flatMap((row) => row.falseAlarms)).size;
  const times = found.map((row) => row.seconds).sort((a, b) => a - b);
  const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
  const made = new Set(checks.filter((check) => "case" in check.lab).map(({ id }) => id));
  const proved = new Set(rows.filter((row) => isGood(row) && made.has(row.check)).map((row) => row.check));
  const weighed = rows.filter((row) => row.explained > 0 || row.beside.length > 0).length;
  const causes = provedRules(results);
  const ratio = (part: number, whole: number) =>
    `${part} of ${whole} (${whole === 0 ? "-" : ((100 * part) / whole).toFixed(1)} %)`;
  return `${[
    "# Accuracy",
    "Made by `npm run lab:report` from runs, never by hand: each fault is made for real on the virtual hypervisor (`npm run lab:faults -- --record`), the kernel itself must show it, real guests are pinged, and only then is the product's answer held against what is true. The base is healthy before; after the fault is healed by hand its finding must go.",
    `Runs from ${dates[0] ?? "-"} to ${dates.at(-1) ?? "-"}, ${commits(all)}.`,
    [
      "| measure | value |",
      "|---|---|",
      `| checks that a lab case proves, of all that can be made here | ${ratio(proved.size, made.size)} |`,
      `| cause rules that a lab case proves, of all that can be made here | ${ratio(causes.proved, causes.made)} |`,
      `| recall: faults found, of those run (one that broke off counts as missed) | ${ratio(found.length, all.length)} |`,
      `| right subject, of those found | ${ratio(rows.filter((row) => row.subjectRight).length, found.length)} |`,
      `| right guests impacted, of those found | ${ratio(rows.filter((row) => row.impactsRight).length, found.length)} |`,
      `| precision: accusations that are the fault or hang under it, of all (in the ${weighed} runs that counted them) | ${ratio(explained, explained + beside + others)} |`,
      `| accusations that stand beside it and are expected there: the same fault seen from elsewhere, or what no rule can hang under it | ${beside} |`,
      `| accusations that nobody expects | ${others} |`,
      `| cleared once healed | ${ratio(found.filter((row) => row.cleared).length, found.length)} |`,
      `| nothing new left red twenty seconds after that (logs and counters are remembered for longer) | ${ratio(rows.filter((row) => row.left.length === 0).length, rows.length)} |`,
      `| false alarms on the healthy bases before the faults, in one reading each (e2e/lab/healthy.test.ts takes a second one) | ${alarms} |`,
      `| seconds from the fault to the finding | median ${at(0.5)}, p90 ${at(0.9)}, worst ${at(1)} |`,
      `| first seen by an event, the rest by a sweep | ${ratio(found.filter((row) => row.via === "event").length, found.length)} |`,
    ].join("\n"),
    "Times hold for the emulated hypervisor of the lab (QEMU without KVM on shared cores), where a whole sweep takes some seconds; they count from the command that makes the fault, so they include the time that the fault itself needs to show in the kernel.",
    "Healthy bases, ordinary changes that must leave nothing red, two faults at once and two hypervisors on one segment have tests of their own (e2e/lab: healthy, changes, causes and two), which pass or fail and are no part of these numbers. A run of the tests makes some of the faults, and some of those, in turns by day.",
    ...layers.flatMap(layerPart),
    "## Causes",
    "One problem for each root: a finding that another explains hangs under it, by one of these rules. Each rule has a case in which it must hang something, or the case does not hold.",
    causesPart(results),
    "## Not made in the lab",
    notMade(),
    ...open(),
  ].join("\n\n")}\n`;
}

function layerPart(layer: Check["layer"]): string[] {
  const ids = new Set(checks.filter((check) => check.layer === layer).map((check) => check.id));
  const own = cases.filter((one) => ids.has(one.check) && results.has(one.id));
  if (own.length === 0) return [];
  const lines = own.map((one) => {
    const result = results.get(one.id) as Result;
    const cells =
      "row" in result
        ? [
            yes(result.row.found),
            yes(result.row.subjectRight),
            yes(result.row.impactsRight),
            String(result.row.otherReds.length),
            checksOf(result.row.beside),
            `${yes(result.row.cleared)}${result.row.left.length === 0 ? "" : `; left: ${checksOf(result.row.left)}`}`,
            `${result.row.seconds.toFixed(1)} s, ${result.row.via}`,
          ]
        : ["**broke off**", "", "", "", "", "", ""];
    return `| ${[`\`${one.id}\``, one.base, one.story.replaceAll("|", "\\|"), ...cells].join(" | ")} |`;
  });
  return [
    `## ${layerWord[layer].en}`,
    [
      "| fault | base | how it is made | found | right subject | right impacts | other reds | beside it | cleared | seen after |",
      "|---|---|---|---|---|---|---|---|---|---|",
      ...lines,
    ].join("\n"),
  ];
}

/** Which checks these findings are of, each once. */
function checksOf(keys: readonly string[]): string {
  return [...new Set(keys.map((key) => `\`${key.split("@")[0] ?? ""}\``))].join(", ");
}

/** What was run, the most first. */
function commits(all: readonly Result[]): string {
  const counts = new Map<string, number>();
  for (const { commit } of all) counts.set(commit, (counts.get(commit) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([commit, count]) => `${count} of commit ${commit}`)
    .join(", ");
}

function notMade(): string {
  const lines = checks.flatMap((check) =>
    "none" in check.lab ? [`| \`${check.id}\` | ${check.lab.none} | ${check.lab.capture ?? "-"} |`] : [],
  );
  return ["| fault | why not | stands in |", "|---|---|---|", ...lines].join("\n");
}

/** What did not hold, and what nobody has run: said in full, as this page claims to be the whole truth. */
function open(): string[] {
  const failed = [...results.values()].filter((result) => !held(result));
  const unrun = cases.filter((one) => !results.has(one.id));
  const why = (result: Result) => {
    if (!("row" in result)) return result.broke.split("\n")[0] ?? "";
    const { row } = result;
    return [
      ...(row.found ? [] : ["not found"]),
      ...(row.found && !row.subjectRight ? [`wrong subject ${row.subject}`] : []),
      ...(row.impactsRight ? [] : [`impacts ${row.impacts.join(", ") || "nobody"}`]),
      ...(row.cleared ? [] : ["did not clear"]),
      ...row.otherReds.map((one) => `also ${one}`),
      ...row.falseAlarms.map((one) => `before: ${one}`),
      ...row.unhung.map((rule) => `the cause rule \`${rule}\` hung nothing`),
    ].join("; ");
  };
  return [
    ...(failed.length > 0
      ? ["## Did not hold", failed.map((result) => `- \`${idOf(result)}\`: ${why(result)}`).join("\n")]
      : []),
    ...(unrun.length > 0 ? ["## Written, and not recorded yet", unrun.map((one) => `- \`${one.id}\``).join("\n")] : []),
  ];
}

function yes(is: boolean): string {
  return is ? "yes" : "**no**";
}
