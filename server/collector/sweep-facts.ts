import type { Facts } from "@/lib/facts/facts";
import type { Read } from "@/lib/facts/read";
import type { ProbeReport } from "@/lib/wire/model";
import type { ProbeRun } from "./ssh/api";

/** The facts of one sweep: values where a probe was read, the reason where it was not. */
export function factsOf(runs: readonly ProbeRun[]): Facts {
  const facts: Record<string, Read<unknown>> = {};
  for (const run of runs)
    facts[run.id] =
      run.outcome === "ok"
        ? { ok: true, value: run.value, at: run.at, ms: run.ms }
        : { ok: false, why: run.outcome, detail: run.detail ?? "", at: run.at };
  // The values come from the parsers of these very probes, each checked against its schema by the parser.
  return facts as Facts;
}

export function reportsOf(runs: readonly ProbeRun[]): ProbeReport[] {
  return runs.map(({ id, outcome, ms, bytes, detail, at }) => ({
    id,
    outcome,
    ms,
    bytes,
    at,
    ...(detail === undefined ? {} : { detail }),
  }));
}
