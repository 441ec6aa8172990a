import type { Sample } from "@/lib/checks/define";
import type { Json } from "@/lib/graph/model";

/** Samples by check, track and subject. A run of equal values keeps its first and last sample only: nothing is lost of a counter that stands still. */
export class SampleBook {
  readonly #rows = new Map<string, Sample[]>();

  constructor(memory: Json | undefined) {
    if (!Array.isArray(memory)) return;
    for (const row of memory as readonly Json[]) {
      if (!Array.isArray(row)) continue;
      const [key, ...numbers] = row as readonly Json[];
      if (typeof key !== "string") continue;
      const samples: Sample[] = [];
      for (let at = 0; at + 1 < numbers.length; at += 2) {
        const [time, value] = [numbers[at], numbers[at + 1]];
        if (typeof time === "number" && typeof value === "number") samples.push({ at: time, value });
      }
      this.#rows.set(key, samples);
    }
  }

  of(check: string, track: string, subject: string): readonly Sample[] {
    return this.#rows.get(rowKey(check, track, subject)) ?? [];
  }

  add(check: string, track: string, subject: string, sample: Sample, windowMs: number): void {
    const key = rowKey(check, track, subject);
    const row = this.#rows.get(key) ?? [];
    const [before, last] = row.slice(-2);
    if (before && last && before.value === sample.value && last.value === sample.value) row.pop();
    row.push(sample);
    // The newest sample before the window stays: it says what the value was when the window began.
    while (row.length > 2 && (row[1]?.at ?? 0) < sample.at - windowMs) row.shift();
    this.#rows.set(key, row);
  }

  forget(check: string, subject: string): void {
    for (const key of this.#rows.keys())
      if (key.startsWith(`${check}\n`) && key.endsWith(`\n${subject}`)) this.#rows.delete(key);
  }

  dump(): Json {
    return [...this.#rows].map(([key, samples]) => [key, ...samples.flatMap(({ at, value }) => [at, value])]);
  }
}

const rowKey = (check: string, track: string, subject: string): string => `${check}\n${track}\n${subject}`;
