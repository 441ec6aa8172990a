import { printItem } from "@/lib/probes/items";
import type { SimState } from "./model";

/** What one probe prints on a simulated host; `exit` as the probe's script would end (127: no such tool). */
export interface Answer {
  readonly stdout: Buffer;
  readonly exit: number;
}

/** What one probe's script would print, in the exact format of the tools that it calls. */
export interface Printer {
  print(state: SimState, now: number, uid: number): Answer;
  /** Prints counters or times: never cached. */
  readonly counts?: boolean;
  /** The simulated host does not have the tool, as many a real one does not, and why it is left out. */
  readonly notInstalled?: string;
}

export const definePrinter = (printer: Printer): Printer => printer;

export const absent: Answer = { stdout: Buffer.alloc(0), exit: 127 };
export const notInstalled = (because: string): Printer => ({ print: () => absent, notInstalled: because });

export const ok = (text: string): Answer => ({ stdout: Buffer.from(text), exit: 0 });

/** Output made of items: names and contents as UTF-8 bytes, for that is what the lengths count. */
const bytes = (text: string) => Buffer.from(text).toString("latin1");
export const items = (...parts: readonly (readonly [name: string, output: string, exit?: number])[]): Answer => ({
  stdout: Buffer.from(
    parts.map(([name, output, exit]) => printItem(bytes(name), bytes(output), exit)).join(""),
    "latin1",
  ),
  exit: 0,
});
