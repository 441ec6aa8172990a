import { describe, expect, it } from "vitest";
import { ParseError, type Probe } from "./define";
import { type Item, latin1, parseItems, printItem } from "./items";
import { notLinear } from "./linear";
import { probes } from "./registry";

const all: readonly Probe[] = Object.values(probes);

/** What regular expressions and hand-made scanners stumble over: runs of what a field is made of, of what stands between fields, and of both in turn. */
const fillers = [
  " ",
  "\t",
  "0",
  "a",
  ":",
  ",",
  "=",
  ".",
  "[",
  "(",
  '"',
  "\\",
  "\xff",
  "0 ",
  "a: ",
  ", a=",
  " \n",
] as const;
/** Each place gets these, and of the others three in turn; all of them with TAPROOT_LINEAR=all, which takes some minutes. */
const always = 5;
const inTurn = 3;

function fillersFor(place: number): readonly string[] {
  if (process.env.TAPROOT_LINEAR === "all") return fillers;
  const rest = fillers.length - always;
  return [
    ...fillers.slice(0, always),
    ...Array.from({ length: inTurn }, (_, at) => fillers[always + ((place * inTurn + at) % rest)] ?? ""),
  ];
}

/** A place in an example where the format has a field, or where one ends. */
interface Place {
  readonly label: string;
  /** The output with `text` put there. */
  readonly put: (text: string) => Uint8Array;
}

const charClass = (char: string): number => (/\d/.test(char) ? 0 : /[A-Za-z]/.test(char) ? 1 : /\s/.test(char) ? 2 : 3);

/** Most places looked at in one line; longer lines (JSON on one line) repeat themselves. */
const placesMost = 24;

/** Bounds between words, numbers, blanks and signs, of one line of each shape that was not `seen` yet. */
function cuts(body: string, seen: Set<string>): number[] {
  const found: number[] = [];
  let from = 0;
  for (const line of body.split("\n")) {
    const shape = line.replace(/[0-9a-f]*\d[0-9a-f]*/g, "0").replace(/[A-Za-z_]+/g, "a");
    if (!seen.has(shape)) {
      seen.add(shape);
      const bounds: number[] = [];
      for (let at = 0; at <= line.length; at++)
        if (at === 0 || at === line.length || charClass(line[at - 1] ?? "") !== charClass(line[at] ?? ""))
          bounds.push(at);
      const step = Math.max(1, bounds.length / placesMost);
      for (let at = 0; at < bounds.length; at += step) found.push(from + (bounds[Math.floor(at)] ?? 0));
    }
    from += line.length + 1;
  }
  return found;
}

function placesIn(stdout: string, seen: Set<string>): Place[] {
  const splice = (text: string, at: number, put: string) => text.slice(0, at) + put + text.slice(at);
  const around = (text: string, at: number) => `${text.slice(Math.max(0, at - 20), at)}▒${text.slice(at, at + 20)}`;
  if (!stdout.startsWith("#item "))
    return cuts(stdout, seen).map((at) => ({
      label: around(stdout, at),
      put: (text) => bytesOf(splice(stdout, at, text)),
    }));
  const items = parseItems(bytesOf(stdout)).map((item: Item) => ({ ...item, body: latin1(item.bytes) }));
  const printed = (change: number, body: string) =>
    bytesOf(items.map((item, at) => printItem(item.name, at === change ? body : item.body, item.exit)).join(""));
  return items.flatMap(({ body, name }, index) =>
    cuts(body, seen).map((at) => ({
      label: `${name}: ${around(body, at)}`,
      put: (text: string) => printed(index, splice(body, at, text)),
    })),
  );
}

/** One char a byte. Not `bytesOf` of items.ts, which calls back for each: it took longer than the parsers. */
const bytesOf = (text: string): Uint8Array => Buffer.from(text, "latin1");

const times = (filler: string, n: number) => filler.repeat(Math.ceil(n / filler.length));

/** Refusing is as good as reading, as long as it comes in time. */
function reader(parse: (stdout: Uint8Array) => unknown): (stdout: Uint8Array) => void {
  return (stdout) => {
    try {
      parse(stdout);
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
    }
  };
}

describe.each(all.map((probe) => [probe.id, probe] as const))("time that %s takes", (_id, probe) => {
  const read = reader((stdout) => probe.parse({ stdout, exit: 0 }));

  it("grows with what it reads, and no faster, whatever stands in whichever field", { timeout: 120_000 }, () => {
    const seen = new Set<string>();
    const places = probe.examples.flatMap((example) => placesIn(example.stdout, seen));
    for (const [at, { label, put }] of places.entries())
      for (const filler of fillersFor(at)) {
        const found = notLinear((n) => put(times(filler, n)), read);
        const says =
          found &&
          `${JSON.stringify(filler)} at ${JSON.stringify(label)}: ${found.smallMs} ms, ten times as much ${found.largeMs} ms`;
        expect(says).toBeUndefined();
      }
  });
});
