import type { z } from "zod";
import { ParseError, type RawOutput } from "./define";
import { looseJson } from "./ip-json";
import { hostText, type Item, parseItems } from "./items";

/**
 * The named parts of a probe that prints a fixed list of items, as a Map. Throws ParseError when one is missing, doubled, unexpected or ended with an
 * exit status other than 0: output that was cut between two items must not pass for an empty list.
 */
export function partsOf(raw: RawOutput, names: readonly string[]): (name: string) => Item {
  const parts = new Map<string, Item>();
  for (const item of parseItems(raw.stdout)) {
    if (!names.includes(item.name) || parts.has(item.name)) throw new ParseError(`unexpected part ${item.name}`);
    parts.set(item.name, item);
  }
  const get = (name: string) => {
    const part = parts.get(name);
    if (part === undefined) throw new ParseError(`part ${name} is missing`);
    if (part.exit !== 0) throw new ParseError(`part ${name} ended with exit ${part.exit}`);
    return part;
  };
  for (const name of names) get(name);
  return get;
}

/** An item as the input of a parser that takes a whole output. */
export const asRaw = (item: Item): RawOutput => ({ stdout: item.bytes, exit: item.exit });

/**
 * Longest line of a tool that prints no lists on one line, in characters: a path (PATH_MAX is 4096) with what stands before it. Readers whose tools print longer ones say how long, and why.
 */
export const lineMost = 8_192;

/** Text in lines. ParseError names the line that is longer than `most` characters: no tool prints it, and what a reader does with a line may take its length more than once. */
export function textLines(text: string, most = lineMost): string[] {
  const lines = text.split("\n");
  const long = lines.findIndex((line) => line.length > most);
  if (long >= 0) throw new ParseError(`line ${long + 1} is longer than ${most} characters`);
  return lines;
}

/** Text of an item, in lines of at most `most` characters; no line for an empty output. */
export function linesOf(item: Item, most = lineMost): string[] {
  const text = hostText(item.bytes);
  return text === "" ? [] : textLines(text, most);
}

/** Lines of a log, which may hold text of anybody: what is longer than `most` characters is cut and says so, for the other lines tell as much as before. */
export function logLinesOf(item: Item, most = lineMost): string[] {
  const text = hostText(item.bytes);
  if (text === "") return [];
  return text.split("\n").map((line) => (line.length > most ? `${line.slice(0, most)} …[cut]` : line));
}

/** The last `count` words of a line, blanks between them, and what stands before: `[rest, word, ..., word]`; missing words are undefined. In one pass, whatever the line holds. */
export function lastWords(line: string, count: number): [rest: string, ...words: (string | undefined)[]] {
  let rest = line.trimEnd();
  const words: (string | undefined)[] = [];
  while (words.length < count) {
    const at = rest.lastIndexOf(" ");
    words.unshift(at < 0 ? undefined : rest.slice(at + 1));
    if (at >= 0) rest = rest.slice(0, at).trimEnd();
  }
  return [rest, ...words];
}

const mark = "#end";

/**
 * Lines of a probe whose script prints `#end` last. Without that line the output is not whole: ParseError. For scripts whose other lines cannot be
 * forged by host text (names without new lines).
 */
export function endedLines(raw: RawOutput, most = lineMost): string[] {
  const lines = textLines(hostText(raw.stdout), most);
  if (lines.pop() !== "" || lines.pop() !== mark) throw new ParseError("the end mark is missing: output is cut");
  return lines;
}

/** What was printed about one interface. */
export interface Segment {
  readonly dev: string;
  readonly lines: readonly string[];
}

/**
 * The segments of a probe whose only item is `name`: `@ DEV` before the lines of each interface, `#end` after the last. ParseError, with the probe's id, where the end is missing or a
 * line stands before every head.
 */
export function segmentsOf(raw: RawOutput, name: string, probe: string): Segment[] {
  const lines = linesOf(partsOf(raw, [name])(name));
  if (lines.pop() !== mark) throw new ParseError(`${probe}: output is cut`);
  const found: { dev: string; lines: string[] }[] = [];
  for (const line of lines) {
    const dev = /^@ (\S+)$/.exec(line)?.[1];
    const last = found.at(-1);
    if (dev !== undefined) found.push({ dev, lines: [] });
    else if (last) last.lines.push(line);
    else throw new ParseError(`${probe}: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
  }
  return found;
}

/** Checks a value that a parser has put together; ParseError names the place that does not fit. */
export function conform<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new ParseError(`${issue?.path.map(String).join(".") || "value"}: ${issue?.message ?? "does not fit"}`);
}

/** JSON of one item against a schema. */
export function jsonPart<S extends z.ZodType>(item: Item, schema: S): z.output<S> {
  return conform(schema, looseJson(asRaw(item)));
}

/** A whole number in decimal, or ParseError naming the field. */
export function whole(text: string | undefined, field: string): number {
  if (text === undefined || !/^-?\d{1,15}$/.test(text))
    throw new ParseError(`${field} is no whole number: ${text ?? "missing"}`);
  return Number(text);
}
