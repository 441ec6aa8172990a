import { readFileSync } from "node:fs";
import type { Check } from "@/lib/checks/define";
import { checks } from "@/lib/checks/registry";
import { fill, inLanguage, type Language } from "@/lib/wording";
import { playCapture, readCapture } from "../capture";
import type { Context } from "../context";
import { type Explanation, explain, type ReadFact, type ReadValue } from "../explain";
import { parseSettings } from "../settings";
import { UsageError } from "../targets";
import type { Colour } from "../terminal";
import { visible, visibleLines } from "../visible";

export interface ExplainCommandOptions {
  readonly json?: boolean;
  readonly lang: Language;
  readonly setting: readonly string[];
}

/** Values that are printed of one fact or of the graph; `--json` has all of them. */
const mostValues = 20;

/** `taproot explain CAPTURE CHECK SUBJECT`. Returns the exit status: 0, whatever the verdict. Throws UsageError. */
export function explainCommand(
  file: string,
  id: string,
  subject: string,
  options: ExplainCommandOptions,
  { terminal, makeEngine }: Context,
): number {
  const check = (checks as readonly Check[]).find((one) => one.id === id);
  if (!check) throw new UsageError(`${id}: no such check; "taproot checks" lists them`);
  const settings = parseSettings(options.setting);
  const { engine } = playCapture(readCapture(bytesOf(file), file), makeEngine, settings);
  const explanation = explain(engine, check, subject, settings);
  terminal.out(
    options.json
      ? `${JSON.stringify(explanation, null, 2)}\n`
      : `${textOf(explanation, check, options.lang, terminal.colour)}\n`,
  );
  return 0;
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function textOf(explanation: Explanation, check: Check, language: Language, colour: Colour): string {
  const { params = {}, because, defect, verdict } = explanation;
  const isFault = verdict === "fail" || verdict === "warn";
  const line = (name: string, text: string) => `${name.padEnd(10)}${text}`;
  return [
    colour.bold(`${check.title[language]} (${check.id}) on ${visible(explanation.subject)}`),
    line("verdict", paint(verdict, colour)),
    ...(isFault ? [line("message", visible(fill(check.message, language, params)))] : []),
    ...(isFault ? [line("expected", visible(fill(check.expected, language, params)))] : []),
    ...(because === undefined ? [] : [line("because", visible(inLanguage(because, language)))]),
    ...(defect === undefined ? [] : [line("defect", colour.red(visible(defect)))]),
    ...Object.entries(explanation.thresholds).map(([name, value]) => line("threshold", `${check.id}.${name}=${value}`)),
    ...explanation.evidence.flatMap(({ command, excerpt }) => [
      line("seen by", visible(command)),
      ...visibleLines(excerpt).map((text) => line("", colour.grey(text))),
    ]),
    ...(explanation.cause === undefined ? [] : [line("cause", visible(explanation.cause))]),
    ...explanation.explains.map((key) => line("explains", visible(key))),
    ...explanation.impacts.map((vm) => line("impacts", visible(vm))),
    "",
    colour.bold("Facts that the check read"),
    ...explanation.facts.flatMap((fact) => factLines(fact, colour)),
    ...(explanation.facts.length === 0 ? ["  none"] : []),
    "",
    colour.bold("What it read of the graph"),
    ...valueLines(explanation.graph, "  ", colour),
    ...(explanation.graph.length === 0 ? ["  nothing but that the subject is there"] : []),
    ...sampleLines(explanation, colour),
  ].join("\n");
}

function factLines({ probe, outcome, detail, at, values }: ReadFact, colour: Colour): string[] {
  const when = at === undefined ? "" : `, read ${new Date(at).toISOString()}`;
  const why = detail === undefined ? "" : `: ${visible(detail)}`;
  return [`  ${probe}: ${outcome}${why}${when}`, ...valueLines(values, "    ", colour)];
}

function valueLines(values: readonly ReadValue[], indent: string, colour: Colour): string[] {
  const more = values.length - mostValues;
  return [
    ...values.slice(0, mostValues).map(({ path, value }) => `${indent}${visible(path)} = ${visible(shown(value))}`),
    ...(more > 0 ? [colour.grey(`${indent}and ${more} more (--json shows all)`)] : []),
  ];
}

function sampleLines({ samples }: Explanation, colour: Colour): string[] {
  const tracks = Object.entries(samples);
  if (tracks.length === 0) return [];
  const rows = tracks.map(([track, list]) => {
    const values = list.map(({ at, value }) => `${new Date(at).toISOString()} ${value}`).join(", ");
    return `  ${track}: ${values === "" ? "none" : values}`;
  });
  return ["", colour.bold("Samples over time"), ...rows];
}

function shown(value: ReadValue["value"]): string {
  const text = value === null ? "not there" : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}

function paint(verdict: Explanation["verdict"], colour: Colour): string {
  if (verdict === "fail") return colour.red(verdict);
  if (verdict === "pass") return colour.green(verdict);
  return verdict === "not-applicable" ? "does not apply to this subject" : colour.yellow(verdict);
}
