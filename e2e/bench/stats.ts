/** The p-th percentile (0..1) by nearest rank; of nothing it throws, since a percentile of nothing would be an invented number. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
  if (at === undefined) throw new Error("percentile of nothing");
  return at;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** One line of the report: what was measured, the floor of the same run, the bound, and whether it holds. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly ours: string;
  readonly floor: string;
  readonly ratio: string;
  readonly bound: string;
  /** undefined: could not be measured here, `note` says why. */
  readonly holds: boolean | undefined;
  readonly note?: string;
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const sleep = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
