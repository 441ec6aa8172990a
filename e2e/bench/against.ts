/** This commit beside another, on one machine, in turns: what is claimed of the other one is claimed as a ratio. */
import { type Checkout, here, run } from "./checkout";
import { idle, kinds, paints } from "./page";
import { median, type Row } from "./stats";

/** What one part took, in its own unit. */
interface Taken {
  readonly what: string;
  /** With its unit, as the part prints it. */
  readonly ours: string;
  readonly value: number;
  /** The floor of the same run, where there is one, and ours as a multiple of it. */
  readonly floor?: string;
  readonly ratio?: number;
}
type Run = ReadonlyMap<string, Taken>;

export interface Compared {
  readonly id: string;
  readonly what: string;
  readonly now: string;
  readonly before: string;
  /** Now as a share of then: the median of the rounds, each pair measured one after the other. */
  readonly ratio: number;
  readonly bound: number | undefined;
  readonly holds: boolean | undefined;
}

/** At most this share of what the other commit takes. What is not here is shown, and claimed nowhere. */
const bounds: Readonly<Record<string, number>> = {
  a: 1.05,
  b: 1.05,
  c: 1.05,
  d2: 1 / 2,
  e1: 1.05,
  e2: 1.05,
  e3: 1.05,
  e4: 1.05,
  e5: 1.05,
  f1: 1 / 3,
  g: 1 / 5,
};

/** Measures both, `rounds` times each, in turns. `parts`: letters of parts. */
export async function compare(other: Checkout, parts: readonly string[], rounds: number): Promise<Compared[]> {
  const runs: { readonly now: Run; readonly before: Run }[] = [];
  for (let round = 0; round < rounds; round++) {
    console.error(`round ${round + 1} of ${rounds}: ${other.commit}`);
    const before = await measure(other.tree, parts);
    console.error(`round ${round + 1} of ${rounds}: this commit`);
    runs.push({ before, now: await measure(here, parts) });
  }
  const ids = [...(runs[0]?.now.keys() ?? [])].filter((id) =>
    runs.every(({ now, before }) => now.has(id) && before.has(id)),
  );
  return ids.map((id) => {
    const pairs = runs.flatMap(({ now, before }) => {
      const [a, b] = [now.get(id), before.get(id)];
      return a && b ? [{ a, b, ratio: a.value / b.value }] : [];
    });
    const ratio = median(pairs.map((pair) => pair.ratio));
    const middle = pairs.find((pair) => pair.ratio === ratio);
    if (!middle) throw new Error(`(${id}) was not measured`);
    const bound = bounds[id];
    return {
      id,
      what: middle.a.what,
      now: middle.a.ours,
      before: middle.b.ours,
      ratio,
      bound,
      holds: bound === undefined ? undefined : ratio <= bound,
    };
  });
}

async function measure(tree: string, parts: readonly string[]): Promise<Run> {
  const own = parts.filter((part) => part !== "f" && part !== "g");
  const taken = new Map<string, Taken>(own.length > 0 ? await itsOwn(tree, own) : []);
  if (parts.includes("f"))
    for (const [at, kind] of kinds.entries()) {
      const value = median(await paints(tree, kind));
      taken.set(`f${at + 1}`, { what: frames[kind], ours: `${value.toFixed(1)} ms`, value });
    }
  if (parts.includes("g")) {
    const value = await idle(tree);
    taken.set("g", { what: idleWords, ours: `${value.toFixed(0)} ms`, value });
  }
  return taken;
}

export const frames = {
  guest: "one guest's TAP goes down or up, on a host of 60 guests: socket message to painted frame",
  uplink: "the same where all NICs lose or get their carrier, and all guests their way",
} as const;
export const idleWords = "work of an idle host page's main thread in a minute, 60 guests";

/** The parts that a commit's own bench measures: they run inside of its code. What it prints is read, for an older one prints nothing else. */
async function itsOwn(tree: string, parts: readonly string[]): Promise<[string, Taken][]> {
  // It ends with 1 where a bound does not hold: what is claimed here is judged here.
  const text = await run(process.execPath, ["--import", "tsx", "e2e/bench/cli.ts", ...parts], tree, true);
  const rows = readRows(text);
  if (rows.length === 0) throw new Error(`the bench in ${tree} printed no row:\n${text.slice(-2_000)}`);
  return rows;
}

/** Rows as `printRow` writes them, here and in older commits. Exported for its test. */
export function readRows(text: string): [string, Taken][] {
  const row = /^\((\w+)\) (.*)\n {4}([\d.]+)( [A-Za-z]+)?; floor: (.*?); ratio ([\d.]+);/gm;
  return [...text.matchAll(row)].map(([, id = "", what = "", number = "", unit = "", floor = "", ratio = ""]) => [
    id,
    { what, ours: `${number}${unit}`, value: Number(number), floor, ratio: Number(ratio) },
  ]);
}

export function printRow(row: Row): string {
  const verdict = row.holds === undefined ? "no verdict" : row.holds ? "holds" : "DOES NOT HOLD";
  const note = row.note ? ` (${row.note})` : "";
  return `(${row.id}) ${row.what}\n    ${row.ours}; floor: ${row.floor}; ratio ${row.ratio}; bound ${row.bound}: ${verdict}${note}`;
}
