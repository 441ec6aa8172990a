import type { SimState } from "./model";
import { type Answer, absent, type Printer } from "./printer";
import { printers } from "./probes/registry";

const known: ReadonlyMap<string, Printer> = new Map<string, Printer>(Object.entries(printers));

/** Ids of the probes that a simulated host has an answer for. */
export const answered: ReadonlySet<string> = new Set(
  [...known].flatMap(([id, printer]) => (printer.notInstalled === undefined ? id : [])),
);

/** Answers probes from a state, and keeps what was printed until the state changes. */
export class Answers {
  private version = -1;
  private readonly kept = new Map<string, Answer>();

  constructor(
    private readonly machine: { readonly version: number; readonly state: SimState },
    private readonly uid: number,
  ) {}

  answer(probe: string, now: number): Answer {
    if (this.machine.version !== this.version) {
      this.kept.clear();
      this.version = this.machine.version;
    }
    const printer = known.get(probe);
    if (printer === undefined) return absent;
    if (printer.counts) return printer.print(this.machine.state, now, this.uid);
    const before = this.kept.get(probe);
    if (before !== undefined) return before;
    const made = printer.print(this.machine.state, now, this.uid);
    this.kept.set(probe, made);
    return made;
  }
}
