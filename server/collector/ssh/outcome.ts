import { ParseError, type Probe } from "@/lib/probes/define";
import { hostText } from "@/lib/probes/items";
import type { ProbeRun } from "./api";
import type { Ending } from "./work";

const detailMost = 300;

/** sudo's own words when it would not run a command. Its language is fixed by LC_ALL=C. */
const sudoSays =
  /^sudo: (?:a password is required|a terminal is required|sorry, you must have a tty)|^Sorry, user .* (?:is not allowed|may not run)/m;

/** How a probe ended, and the fact that it gave: see ProbeOutcome for the meaning of each. `rootReason`: why there is no root. */
export function toProbeRun(probe: Probe, ending: Ending, at: number, rootReason?: string): ProbeRun {
  const stderr = clean(hostText(ending.stderr));
  const base = {
    id: probe.id,
    ms: Math.round(ending.ms * 10) / 10,
    bytes: ending.bytes,
    stdout: ending.stdout,
    exit: ending.exit,
    at,
  };
  const as = (outcome: ProbeRun["outcome"], ...details: (string | undefined)[]): ProbeRun => {
    const detail = details
      .filter((part) => part)
      .join("; ")
      .slice(0, detailMost);
    return detail === "" ? { ...base, outcome } : { ...base, outcome, detail };
  };
  switch (ending.how) {
    case "lost":
      return as("lost", ending.reason);
    case "timeout":
      return as("timeout", `no end after ${probe.timeoutMs} ms`, ending.reason, stderr);
    case "cut":
      return as("cut", ending.over ?? `printed more than ${probe.maxBytes} bytes`, ending.reason, stderr);
    case "exit":
      break;
  }
  if (ending.exit === 127) return as("absent", stderr);
  if (ending.exit === 77) return as("refused", stderr || rootReason);
  if (ending.exit !== 0)
    return sudoSays.test(stderr) ? as("refused", stderr) : as("failed", `exit status ${ending.exit}`, stderr);
  try {
    const value: unknown = probe.parse({ stdout: ending.stdout, exit: ending.exit });
    return { ...as("ok", stderr), value };
  } catch (error) {
    if (error instanceof ParseError) return as("garbled", error.message);
    // A fault of ours, met by output that nobody thought of: the rest of the sweep must not suffer.
    const fault = error instanceof Error ? error : new Error(String(error));
    return { ...as("garbled", `a fault of ours: ${fault.message}`), fault };
  }
}

function clean(text: string): string {
  return text
    .replace(/[\x00-\x09\x0b-\x1f\x7f]+/g, " ")
    .trim()
    .slice(0, detailMost);
}
