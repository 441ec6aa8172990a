/**
 * A lab case: one fault of the catalogue made for real, and what a correct diagnosis says of it. Cases hold no scan
 * code: whoever runs them restores the base, calls inject, scans with the product, and holds the answer against `expect`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BaseName } from "./bases";
import { type GuestName, labDir } from "./config";
import type { Lab } from "./lab";

export interface Expectation {
  /**
   * The node or edge that the check must name, without the host's part: "nic/nic1", "bridge/br0". One of them is
   * enough, as a duplicate MAC may be hung on either owner. A pattern where a name is the kernel's choice.
   */
  readonly subjects: readonly (string | RegExp)[];
  /** Exactly the guests that are cut off by it. */
  readonly impacts: readonly GuestName[];
  /** Guests that suffer in part (redundancy, large packets): shown as impacted or not, both are right. */
  readonly mayImpact?: readonly GuestName[];
  /** Checks that are red because of this fault: consequences, or another layer's view of the same. Nothing else may turn red. */
  readonly alsoAllowed: readonly string[];
}

export interface LabCase {
  /** Unique; equals the check's id where a check has one case. */
  readonly id: string;
  readonly check: string;
  readonly base: BaseName;
  /** Thresholds as an operator may set them, "<check>.<name>": only where the default is longer than a case may wait. */
  readonly settings?: Readonly<Record<string, number>>;
  /** What is done, as one would tell it to a colleague. */
  readonly story: string;
  /** Makes the fault and returns once the kernel reports it. */
  inject(lab: Lab): Promise<void>;
  /**
   * A shell test that only holds in the hypervisor while the fault is there: proof that inject did what it says,
   * independent of the product.
   */
  readonly shows: string;
  readonly expect: Expectation;
  /** Undoes it by hand, for faults that no remedy can mend (a cable) or to prove that the fault was the only one. */
  heal(lab: Lab): Promise<void>;
}

export const defineCase = (labCase: LabCase): LabCase => labCase;

/** Every file in cases/, so that a new case is one new file. */
export async function loadCases(): Promise<readonly LabCase[]> {
  const files = readdirSync(join(labDir, "cases")).filter((file) => file.endsWith(".ts"));
  const loaded: LabCase[] = [];
  // One after another: a case that builds on another one met it half loaded when all were imported at once.
  for (const file of files.sort()) {
    const found = ((await import(join(labDir, "cases", file))) as { readonly labCase?: LabCase }).labCase;
    if (found === undefined) throw new Error(`cases/${file} exports no labCase`);
    loaded.push(found);
  }
  const ids = new Set(loaded.map(({ id }) => id));
  if (ids.size !== loaded.length) throw new Error("two lab cases have the same id");
  return loaded;
}
