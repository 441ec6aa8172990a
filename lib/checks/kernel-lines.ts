import type { FactOf } from "../probes/registry";
import type { CheckView } from "./define";

export type KernelLine = FactOf<"kernel-log">[number];

/**
 * Picks from the lines of a log what `pick` makes something of, once a reading however many subjects ask; times are left to `isRecent`. Keep one picker a check.
 */
export function picker<T>(pick: (line: KernelLine) => T | undefined): (log: FactOf<"kernel-log">) => readonly T[] {
  const memo = new WeakMap<FactOf<"kernel-log">, readonly T[]>();
  return (log) => {
    let picked = memo.get(log);
    if (!picked) {
      picked = log.flatMap((line) => pick(line) ?? []);
      memo.set(log, picked);
    }
    return picked;
  };
}

/** Whether a line was logged in the last `minutes`, by the host's own uptime. One without a time cannot be dated: an old fault must not look new. */
export const isRecent = (line: KernelLine, clock: FactOf<"clock">, minutes: number): boolean =>
  line.time !== undefined && line.time >= clock.uptimeSeconds - minutes * 60;

/** Lines of the kernel's log of the last `minutes`, for checks to which the log only adds; none where log or clock were not read. */
export function recentLinesIfRead(view: Pick<CheckView, "factIfRead">, minutes: number): readonly KernelLine[] {
  const log = view.factIfRead("kernel-log");
  const clock = view.factIfRead("clock");
  return log && clock ? log.filter((line) => isRecent(line, clock, minutes)) : [];
}

/** "3 min ago" needs a clock and changes all day: excerpts give the kernel's own time, seconds since boot, as dmesg prints it. */
export const asLogged = (line: KernelLine): string => `[${(line.time ?? 0).toFixed(6)}] ${line.text}`;
