/** `npm run lab:report`: docs/accuracy.md from what runs recorded in results/. `--run` first makes every fault anew (about an hour on two cores). */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
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
    "npm run lab:report [-- --run]\n\nWrites docs/accuracy.md from the recorded results of `npm run lab:faults -- --record`.\n--run makes every fault anew first.",
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
writeFileSync("docs/accuracy.md", page());
console.log("written: docs/accuracy.md");

function page(): string {
  const all = [...results.values()];
  const rows = all.flatMap((result) => ("row" in result ? [result.row] : []));
  const dates = all.map((result) => result.takenAt).sort();
  const found = rows.filter((row) => row.found);
  const others = rows.reduce((sum, row) => sum + row.otherReds.length, 0);
  const alarms = new Set(rows.flatMap((row) => row.falseAlarms)).size;
  const times = found.map((row) => row.seconds).sort((a, b) => a - b);
  const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
  const rowsOfCatalogue = checks.filter((check) => "case" in check.lab).length;
  const causes = provedRules(results);
  const ratio = (part: number, whole: number) =>
    `${part} of ${whole} (${whole === 0 ? "-" : ((100 * part) / whole).toFixed(1)} %)`;
  return `${[
    "# Accuracy",
    "Made by `npm run lab:report` from runs, never by hand: each fault is made for real on the virtual hypervisor (`npm run lab:faults -- --record`), the kernel itself must show it, real guests are pinged, and only then is the product's answer held against what is true. The base is healthy before, and must be healthy again after.",
    `Runs from ${dates[0] ?? "-"} to ${dates.at(-1) ?? "-"}.`,
    [
      "| measure | value |",
      "|---|---|",
      `| checks that a lab case proves, of all that can be made here | ${ratio(new Set(rows.filter(isGood).map((row) => row.check)).size, rowsOfCatalogue)} |`,
      `| cause rules that a lab case proves, of all that can be made here | ${ratio(causes.proved, causes.made)} |`,
      `| recall: faults found, of those run (one that broke off counts as missed) | ${ratio(found.length, all.length)} |`,
      `| right subject, of those found | ${ratio(rows.filter((row) => row.subjectRight).length, found.length)} |`,
      `| right guests impacted, of those found | ${ratio(rows.filter((row) => row.impactsRight).length, found.length)} |`,
      `| precision: accusations that the fault explains, of all | ${ratio(found.length, found.length + others)} |`,
      `| cleared once healed | ${ratio(found.filter((row) => row.cleared).length, found.length)} |`,
      `| false alarms on the healthy bases before the faults, in one reading each (e2e/lab/healthy.test.ts takes a second one) | ${alarms} |`,
      `| seconds from the fault to the finding | median ${at(0.5)}, p90 ${at(0.9)}, worst ${at(1)} |`,
      `| first seen by an event, the rest by a sweep | ${ratio(found.filter((row) => row.via === "event").length, found.length)} |`,
    ].join("\n"),
    "Times hold for the emulated hypervisor of the lab (QEMU without KVM on shared cores), where a whole sweep takes some seconds; they count from the command that makes the fault, so they include the time that the fault itself needs to show in the kernel.",
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
            yes(result.row.cleared),
            `${result.row.seconds.toFixed(1)} s, ${result.row.via}`,
          ]
        : ["**broke off**", "", "", "", "", ""];
    return `| ${[`\`${one.id}\``, one.base, one.story.replaceAll("|", "\\|"), ...cells].join(" | ")} |`;
  });
  return [
    `## ${layerWord[layer].en}`,
    [
      "| fault | base | how it is made | found | right subject | right impacts | other reds | cleared | seen after |",
      "|---|---|---|---|---|---|---|---|---|",
      ...lines,
    ].join("\n"),
  ];
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
