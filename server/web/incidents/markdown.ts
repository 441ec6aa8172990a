import type { Finding } from "@/lib/checks/finding";
import { settingsOf } from "@/lib/checks/settings";
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
  const heads = findings.filter((finding) => finding.cause === undefined).sort(worstFirst);
  const under = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.cause === undefined) continue;
    under.set(finding.cause, [...(under.get(finding.cause) ?? []), finding]);
  }
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
    ...heads.map((head, at) => section(head, at + 1, names, under.get(head.key) ?? [])),
  ];
  return `${parts.join("\n\n")}\n`;
}

const ranks = { fail: 0, warn: 1, unknown: 2 } as const;
const worstFirst = (a: Finding, b: Finding) =>
  ranks[a.status] - ranks[b.status] || b.impacts.length - a.impacts.length || a.since - b.since;

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
