import type { Finding } from "@/lib/checks/finding";
import { checks } from "@/lib/checks/registry";
import { settingKey, settingsOf } from "@/lib/checks/settings";
import { isGuest } from "@/lib/graph/kinds";
import { problemsOf } from "@/lib/problems/derive";
import type { Problem } from "@/lib/problems/problem";
import { becauseOf } from "@/lib/text/findings";
import { beside, thresholdsOf } from "@/lib/text/thresholds";
import { cells } from "@/lib/text/visible";
import { fill } from "@/lib/wording";
import type { HostScan } from "@/server/collector/scan";
import { inOrder } from "./result";
import type { Colour } from "./terminal";
import { visible, visibleLines } from "./visible";

const maxExcerptLines = 8;
const maxNamed = 6;

/** The report for people: hosts, then problems, then what could not be judged and why. Every piece of host text is made visible. */
export function report(scans: readonly HostScan[], colour: Colour, only?: ReadonlySet<string>): string {
  const findings = scans.flatMap((scan) =>
    inOrder(scan.snapshot.findings.filter((finding) => only === undefined || only.has(finding.check))),
  );
  const byKey = new Map(findings.map((finding) => [finding.key, finding]));
  // Made of what is asked for: a finding whose head is not among it is a head here.
  const problems = scans.flatMap(({ snapshot }) =>
    problemsOf(snapshot.findings.filter((finding) => byKey.has(finding.key))),
  );
  const lines = [...hostTable(scans, findings, colour), ""];
  for (const { key, tail } of problems) {
    const head = byKey.get(key);
    const under = tail.flatMap((one) => byKey.get(one.key) ?? []);
    if (head) lines.push(...problem(head, under, colour), "");
  }
  const unknowns = findings.filter((finding) => finding.status === "unknown");
  if (unknowns.length > 0) lines.push(...notJudged(unknowns, colour), "");
  const unread = scans.flatMap((scan) => notRead(scan));
  if (unread.length > 0) lines.push(colour.bold("Not read"), ...unread, "");
  lines.push(summary(scans, findings, problems, colour));
  return `${lines.join("\n")}\n`;
}

function hostTable(scans: readonly HostScan[], findings: readonly Finding[], colour: Colour): string[] {
  const count = (host: string, status: string) =>
    findings.filter((finding) => finding.host === host && finding.status === status).length;
  const rows = scans.map(({ snapshot: { host, nodes }, failure }) => [
    visible(host.name),
    visible(host.address),
    host.state,
    ...(failure === undefined
      ? [
          String(nodes.filter((node) => isGuest(node)).length),
          String(count(host.id, "fail")),
          String(count(host.id, "warn")),
          String(count(host.id, "unknown")),
        ]
      : ["-", "-", "-", "-"]),
  ]);
  const head = ["HOST", "ADDRESS", "STATE", "VMS", "FAIL", "WARN", "UNKNOWN"];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => cells(row[at] ?? ""))));
  const pad = (cell: string, at: number) => cell + " ".repeat(Math.max(0, (widths[at] ?? 0) - cells(cell)));
  const line = (row: readonly string[]) => row.map(pad).join("  ").trimEnd();
  const paint = (text: string, at: number) => {
    const state = scans[at]?.snapshot.host.state;
    return state === "refused" || state === "unreachable" || state === "failed" ? colour.red(text) : text;
  };
  return [
    colour.bold(line(head)),
    ...rows.flatMap((row, at) => {
      const reason = scans[at]?.snapshot.host.reason;
      // Why a host could not be looked at is told apart, with what to do about it.
      const told = reason === undefined || scans[at]?.failure !== undefined;
      return [paint(line(row), at), ...(told ? [] : [`  ${visible(reason)}`])];
    }),
  ];
}

function problem(head: Finding, under: readonly Finding[], colour: Colour): string[] {
  const word = head.status === "fail" ? colour.red(colour.bold("FAIL")) : colour.yellow(colour.bold("WARN"));
  const check = checks.find((entry) => entry.id === head.check);
  const lines = [`${word}  ${visible(head.message)}`, `  check    ${head.check} on ${visible(head.subject)}`];
  if (head.impacts.length > 0) lines.push(`  impacts  ${impact(head.impacts)}`);
  if (check !== undefined) lines.push(`  expected ${visible(fill(check.expected, "en", head.params))}`);
  // Under the names that --setting takes.
  const limits = thresholdsOf(head, settingsOf(head.check)).map(
    ({ name, value, setting }) => `${settingKey(head.check, name)} = ${beside(value, setting)}`,
  );
  if (limits.length > 0) lines.push(`  limits   ${limits.join(", ")}`);
  for (const { command, excerpt } of head.evidence) {
    lines.push(`  seen by  ${visible(command)}`);
    const excerptLines = visibleLines(excerpt);
    for (const line of excerptLines.slice(0, maxExcerptLines)) lines.push(colour.grey(`           ${line}`));
    if (excerptLines.length > maxExcerptLines)
      lines.push(colour.grey(`           ... ${excerptLines.length - maxExcerptLines} lines more`));
  }
  if (check !== undefined) lines.push(`  repair   ${visible(fill(check.repair, "en", head.params))}`);
  for (const tail of under)
    lines.push(`  ${colour.grey("and so")}   ${visible(tail.message)} ${colour.grey(`(${tail.check})`)}`);
  return lines;
}

/** `<host>/vm/<name>` ids as names. */
function impact(ids: readonly string[]): string {
  const names = ids.map((id) => visible(id.split("/").slice(2).join("/")));
  const shown = names.slice(0, maxNamed).join(", ");
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : "";
  return `${names.length} guest${names.length === 1 ? "" : "s"}: ${shown}${more}`;
}

/** One line for each reason and check: fifty subjects that wait for one missing tool are one thing to know. */
function notJudged(unknowns: readonly Finding[], colour: Colour): string[] {
  const groups = new Map<string, { first: Finding; count: number }>();
  for (const finding of unknowns) {
    const key = JSON.stringify([finding.host, finding.check, finding.because ?? finding.message]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: finding, count: 1 });
    else group.count += 1;
  }
  const lines = [...groups.values()].map(({ first, count }) => {
    const where = count === 1 ? visible(first.subject) : `${count} subjects on ${visible(first.host)}`;
    return `  ${first.check}: ${where}: ${visible(becauseOf(first, "en") ?? first.message)}`;
  });
  return [colour.bold("Unknown, because"), ...lines];
}

/** Probes that gave nothing. A tool that is not installed is no fault and is not named here. */
function notRead({ snapshot: { host, probes } }: HostScan): string[] {
  return probes
    .filter((probe) => probe.outcome !== "ok" && probe.outcome !== "absent")
    .map((probe) => {
      const detail =
        probe.detail === undefined || probe.detail === "" ? "" : `: ${visible(probe.detail).slice(0, 200)}`;
      return `  ${visible(host.name)} ${probe.id} ${probe.outcome}${detail}`;
    });
}

function summary(
  scans: readonly HostScan[],
  findings: readonly Finding[],
  problems: readonly Problem[],
  colour: Colour,
): string {
  const missed = scans.filter((scan) => scan.failure !== undefined);
  const fails = problems.filter(({ status }) => status === "fail").length;
  const warns = problems.filter(({ status }) => status === "warn").length;
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const parts = [`${plural(scans.length, "host")}`];
  // Of a host that nobody looked at nothing is said, least of all that it is well.
  if (fails > 0) parts.push(colour.red(plural(fails, "problem")));
  else if (missed.length === 0) parts.push(colour.green("nothing fails"));
  else if (missed.length < scans.length) parts.push("nothing fails on the others");
  if (warns > 0) parts.push(colour.yellow(plural(warns, "warning")));
  const unknown = findings.filter((finding) => finding.status === "unknown").length;
  if (unknown > 0) parts.push(colour.yellow(`${unknown} could not be judged`));
  if (missed.length > 0)
    parts.push(colour.red(`could not look at ${missed.map((scan) => visible(scan.snapshot.host.name)).join(", ")}`));
  return parts.join(", ");
}
