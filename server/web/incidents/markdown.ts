import type { Finding } from "@/lib/checks/finding";
import { settingsOf } from "@/lib/checks/settings";
import { byBlast } from "@/lib/problems/rank";
import { becauseOf } from "@/lib/text/findings";
import { beside, thresholdsOf } from "@/lib/text/thresholds";
import type { Incident } from "@/lib/wire/share";
import { block, code, codeCell, inline, quote } from "./escape";

/**
 * An incident as Markdown for a ticket: what it is, a table of findings with heads of problems first, then each problem with its evidence and the
 * guests that hang on it.
 */
export function markdownOf(incident: Incident, url: string): string {
  const { snapshot } = incident;
  const { host, findings } = snapshot;
  const names = new Map(snapshot.nodes.map((node) => [node.id, node.name]));
  const byKey = new Map(findings.map((finding) => [finding.key, finding]));
  const known = (keys: readonly string[]) => keys.flatMap((key) => byKey.get(key) ?? []);
  const problems = [...snapshot.problems].sort(byBlast);
  const tails = new Map(problems.map(({ key, tail }) => [key, known(tail.map((one) => one.key))]));
  // What could not be judged is no problem, and stands below them.
  const unknowns = findings.filter((finding) => finding.status === "unknown").sort(byBlast);
  const heads = [...known(problems.map(({ key }) => key)), ...unknowns];
  const parts = [
    `# ${inline(host.name)}: ${summary(heads)}`,
    [
      `- Host: ${code(host.id)} at ${code(host.address)}, ${host.state}${host.reason ? ` (${inline(host.reason)})` : ""}`,
      `- Taken: ${time(incident.takenAt)} by ${inline(incident.madeBy)}`,
      ...(incident.selection === undefined ? [] : [`- Selected: ${code(incident.selection)}`]),
      `- Frozen picture: <${encodeURI(url)}>`,
    ].join("\n"),
    ...(incident.note === "" ? [] : [quote(incident.note)]),
    ...(findings.length === 0 ? [] : [table(heads, names)]),
    ...heads.map((head, at) => section(head, at + 1, names, tails.get(head.key) ?? [])),
  ];
  return `${parts.join("\n\n")}\n`;
}

function summary(heads: readonly Finding[]): string {
  const count = (status: Finding["status"]) => heads.filter((head) => head.status === status).length;
  const parts = [
    [count("fail"), "failing"],
    [count("warn"), "warning"],
    [count("unknown"), "unknown"],
  ].filter(([number]) => number !== 0);
  return parts.length === 0 ? "nothing fails" : parts.map((part) => part.join(" ")).join(", ");
}

function table(heads: readonly Finding[], names: ReadonlyMap<string, string>): string {
  const rows = heads.map((head) =>
    [
      head.status,
      codeCell(code(head.check)),
      codeCell(code(head.subject)),
      inline(head.message),
      time(head.since),
      codeCell(impacted(head, names)) || "-",
    ].join(" | "),
  );
  return [
    "| Status | Check | Where | What | Since | Impacted |",
    "|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

function section(head: Finding, number: number, names: ReadonlyMap<string, string>, tail: readonly Finding[]): string {
  const lines = [`## ${number}. ${inline(head.message)}`];
  const guests = impacted(head, names);
  if (guests) lines.push(`Impacted: ${guests}`);
  const because = becauseOf(head, "en");
  if (because) lines.push(`Could not be judged: ${inline(because)}`);
  const limits = thresholdsOf(head, settingsOf(head.check)).map(
    ({ setting, value }) => `${setting.title.en} ${beside(value, setting)}`,
  );
  if (limits.length > 0) lines.push(`Judged by: ${limits.join("; ")}`);
  for (const evidence of head.evidence) lines.push(`${block(evidence.command, "sh")}\n\n${block(evidence.excerpt)}`);
  if (tail.length > 0)
    lines.push(["Follows from it:", ...tail.map((one) => `- ${code(one.subject)}: ${inline(one.message)}`)].join("\n"));
  return lines.join("\n\n");
}

const impacted = (finding: Finding, names: ReadonlyMap<string, string>) =>
  finding.impacts.map((id) => code(names.get(id) ?? id)).join(", ");

/** A moment in UTC; what is no moment is shown as the number it is. */
const time = (at: number) => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
};
