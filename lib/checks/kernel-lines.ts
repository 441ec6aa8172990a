import type { FactOf } from "../probes/registry";
import type { CheckView } from "./define";

export type KernelLine = FactOf<"kernel-log">[number];

/** Lines of the kernel's log of the last `minutes`. Throws Unread where log or clock were not read. */
export const recentLines = (view: CheckView<"kernel-log" | "clock">, minutes: number): readonly KernelLine[] =>
  linesSince(view.fact("kernel-log"), view.fact("clock"), minutes);

/** The same for checks to which the log only adds; none where log or clock were not read. */
export function recentLinesIfRead(view: Pick<CheckView, "factIfRead">, minutes: number): readonly KernelLine[] {
  const log = view.factIfRead("kernel-log");
  const clock = view.factIfRead("clock");
  return log && clock ? linesSince(log, clock, minutes) : [];
}

/**
 * By the host's own uptime. Lines without a time cannot be dated and are left out: an old fault must not look new. The log is in order of time, so that the old bulk of it is not
 * looked at.
 */
function linesSince(log: FactOf<"kernel-log">, clock: FactOf<"clock">, minutes: number): readonly KernelLine[] {
  const since = clock.uptimeSeconds - minutes * 60;
  let from = log.length;
  while (from > 0 && (log[from - 1]?.time ?? Number.POSITIVE_INFINITY) >= since) from--;
  return log.slice(from).filter((line) => line.time !== undefined);
}

/** "3 min ago" needs a clock and changes all day: excerpts give the kernel's own time, seconds since boot, as dmesg prints it. */
export const asLogged = (line: KernelLine): string => `[${(line.time ?? 0).toFixed(6)}] ${line.text}`;
