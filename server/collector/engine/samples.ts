import type { Sample } from "@/lib/checks/define";
import type { Json } from "@/lib/graph/model";

/** Samples by check, track and subject. A run of equal values keeps its first and last sample only: nothing is lost of a counter that stands still. */
export class SampleBook {
  /** By check, track and subject: a key of all three would have to be put together and hashed for each look. */
  readonly #rows = new Map<string, Map<string, Map<string, Sample[]>>>();

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
      const [check, track, ...subject] = key.split("\n");
      if (check !== undefined && track !== undefined) this.#track(check, track).set(subject.join("\n"), samples);
    }
  }

  of(check: string, track: string, subject: string): readonly Sample[] {
    return this.#rows.get(check)?.get(track)?.get(subject) ?? none;
  }

  add(check: string, track: string, subject: string, sample: Sample, windowMs: number): void {
    const rows = this.#track(check, track);
    let row = rows.get(subject);
    if (!row) {
      row = [];
      rows.set(subject, row);
    }
    const [before, last] = [row[row.length - 2], row[row.length - 1]];
    if (before && last && before.value === sample.value && last.value === sample.value) row.pop();
    row.push(sample);
    // The newest sample before the window stays: it says what the value was when the window began.
    while (row.length > 2 && (row[1]?.at ?? 0) < sample.at - windowMs) row.shift();
  }

  forget(check: string, subject: string): void {
    for (const rows of this.#rows.get(check)?.values() ?? []) rows.delete(subject);
  }

  keep(wanted: (check: string, subject: string) => boolean): void {
    for (const [check, tracks] of this.#rows)
      for (const rows of tracks.values())
        for (const subject of rows.keys()) if (!wanted(check, subject)) rows.delete(subject);
  }

  dump(): Json {
    return [...this.#rows].flatMap(([check, tracks]) =>
      [...tracks].flatMap(([track, rows]) =>
        [...rows].map(([subject, samples]) => [
          `${check}\n${track}\n${subject}`,
          ...samples.flatMap(({ at, value }) => [at, value]),
        ]),
      ),
    );
  }

  #track(check: string, track: string): Map<string, Sample[]> {
    let tracks = this.#rows.get(check);
    if (!tracks) {
      tracks = new Map();
      this.#rows.set(check, tracks);
    }
    let rows = tracks.get(track);
    if (!rows) {
      rows = new Map();
      tracks.set(track, rows);
    }
    return rows;
  }
}

const none: readonly Sample[] = [];
