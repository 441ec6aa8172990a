import { ParseError, type Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import type { HostInfo } from "@/lib/wire/model";
import type { HostEngine } from "../engine/api";
import type { ProbeRun } from "../ssh/api";
import type { SweepBudget } from "../ssh/budget";
import { factsOf, reportsOf } from "../sweep-facts";
import type { Capture, Recorded } from "./format";

const known: ReadonlyMap<string, Probe> = new Map(Object.entries(probes));

/** When the newest of what a capture holds was read, Unix ms. */
export const readAt = (capture: Capture): number => {
  let last = 0;
  for (const sweep of capture.sweeps) for (const entry of sweep) last = Math.max(last, entry.at);
  return last;
};

/** What a host shows of which this is a picture: the moment of the picture, and what could not be read for want of root. */
export function infoOf({ takenAt, host }: Capture): Pick<HostInfo, "reason" | "takenAt"> {
  return {
    takenAt: Date.parse(takenAt),
    ...(host.root === "none" ? { reason: "captured without root" } : {}),
  };
}

/**
 * Plays a capture into an engine, sweep by sweep, through the parsers of today and at the times of then. Returns the
 * readings, and the names of probes that this version does not know: those are left out. `budget`: what the outputs may
 * take of memory, where many hosts share it; without one, what the file holds.
 */
export function play(
  capture: Capture,
  engine: Pick<HostEngine, "read">,
  budget?: SweepBudget,
): { readonly sweeps: ProbeRun[][]; readonly unknown: string[] } {
  const unknown = new Set<string>();
  const sweeps = capture.sweeps.map((entries) => {
    const runs = entries.flatMap((entry) => {
      const probe = known.get(entry.id);
      if (probe === undefined) unknown.add(entry.id);
      return probe === undefined ? [] : [replayed(entry, probe, budget)];
    });
    engine.read(factsOf(runs), reportsOf(runs), Math.max(...runs.map((run) => run.at), 0));
    return runs;
  });
  return { sweeps, unknown: [...unknown] };
}

/** What the parser of today makes of what was printed then. */
function replayed(entry: Recorded, probe: Probe, budget: SweepBudget | undefined): ProbeRun {
  const stdout = entry.base64 === undefined ? Buffer.from(entry.text ?? "") : Buffer.from(entry.base64, "base64");
  const run: ProbeRun = { ...entry, stdout };
  if (entry.outcome !== "ok" && entry.outcome !== "garbled") return run;
  const tooLong = stdout.length > probe.maxBytes ? `printed more than ${probe.maxBytes} bytes` : undefined;
  const over = tooLong ?? budget?.take(entry.id, stdout.length);
  if (over !== undefined) return { ...run, outcome: "cut", detail: over };
  const read = parsed(run, probe);
  budget?.settle(entry.id, stdout.length, read.outcome === "ok" ? stdout.length : undefined);
  return read;
}

function parsed(run: ProbeRun, probe: Probe): ProbeRun {
  try {
    return { ...run, outcome: "ok", detail: undefined, value: probe.parse({ stdout: run.stdout, exit: run.exit }) };
  } catch (error) {
    if (error instanceof ParseError) return { ...run, outcome: "garbled", detail: error.message };
    // A fault of ours, met by output that nobody thought of: the rest of the capture must not suffer.
    const fault = error instanceof Error ? error : new Error(String(error));
    return { ...run, outcome: "garbled", detail: `a fault of ours: ${fault.message}`, fault };
  }
}
