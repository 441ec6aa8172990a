import { createHash, randomBytes } from "node:crypto";
import { clauses, type Said, Saying, said, words } from "@/lib/text/said";
import type { HostConnection } from "../ssh/api";
import { quoteArgv } from "../ssh/quote";
import { type Act, allowed, type WorkedPlan } from "./commands";
import { armScript, disarmScript, mayArmScript, outcomeScript } from "./guard-scripts";
import { unitName } from "./unit";

/**
 * The net under every change: an undo that the host itself fires when nobody disarms it in time. With systemd it is a transient timer
 * (systemd-run(1)), which outlives our connection and our process; without, a detached sh in a session of its own. What became of it is kept on the
 * host (guard-scripts.ts), so that it can be asked for later, whatever happened to us meanwhile.
 */

/** What became of a guard, as its host tells it. Never a guess: what the host does not know is `unknown`, with the reason. */
export type GuardOutcome =
  /** It will fire unless it is disarmed. */
  | { readonly state: "waiting" }
  /** It has fired; its steps are being run. */
  | { readonly state: "undoing" }
  /** It was disarmed before it fired, and never will. */
  | { readonly state: "disarmed" }
  /** It has fired, and every step ended with 0. */
  | { readonly state: "undone" }
  /** It has fired, and these steps did not end with 0. */
  | { readonly state: "not-undone"; readonly failed: readonly FailedStep[] }
  | { readonly state: "unknown"; readonly because: "rebooted" | "gone" | "vanished" | "cut" };

/** A step of an undo that did not end with 0; `step` is its index in the plan, `said` the beginning of what it printed. */
export interface FailedStep {
  readonly step: number;
  readonly exit: number;
  readonly said: string;
}

/**
 * The undo of a whole plan, last step first, as the guard's file takes it: a line `step INDEX ARGV` each, or `file INDEX PATH WAS NOW`. Throws
 * ChangeRefused for a program that no change may run.
 */
export function undoScript(plan: { readonly steps: readonly { readonly undo: Act }[] }): string {
  return plan.steps
    .map(({ undo }, index) => {
      if (!("file" in undo)) return `step ${index} ${quoteArgv(allowed(undo))}`;
      return `file ${index} ${quoteArgv([undo.file.path, undo.file.was ?? "absent", undo.file.now])}`;
    })
    .reverse()
    .join("\n");
}

/** Fingerprint of what a person was shown, so that something else is never applied in its place. */
export function planDigest({ steps, management }: Pick<WorkedPlan, "steps" | "management">): string {
  return createHash("sha256")
    .update(JSON.stringify([steps, management]))
    .digest("hex");
}

export const newRunId = (): string => randomBytes(12).toString("hex");

/**
 * Why no undo could be armed on this host; undefined when it could. For saying so before a change is offered: a sudo that allows only what the probes read
 * counts as root for them, and not for this. `ours`: the host lacks something that our script names; else sudo did not let the script run.
 */
export async function whyNotArm(connection: HostConnection): Promise<{ ours: boolean; says: string } | undefined> {
  const answer = await connection.script(mayArmScript, [], { timeoutMs: 10_000 });
  if (answer.exit === 0) return undefined;
  return { ours: answer.exit >= 70, says: answer.stderr.trim() || `exit ${answer.exit}` };
}

/** Arms the undo. Returns the guard's handle; throws with the host's own words when it could not be armed. */
export async function arm(connection: HostConnection, run: string, windowMs: number, undo: string): Promise<string> {
  const answer = await connection.script(armScript, [unitName(run), String(Math.ceil(windowMs / 1000)), undo], {
    timeoutMs: 15_000,
  });
  const handle = answer.stdout.trim();
  // A script that was ended by a signal may have armed it before: that is not known, and is asked for.
  if (answer.exit >= 128) throw new Error(`the arm script was ended (exit ${answer.exit}): ${answer.stderr.trim()}`);
  if (answer.exit === 0 && !/^(systemd|sh \d+) [0-9a-f-]{36}$/.test(handle))
    throw new Error(`the arm script answered ${JSON.stringify(handle.slice(0, 80))}`);
  if (answer.exit !== 0)
    throw new NotArmed(
      said("notArmed", { exit: answer.exit, words: answer.stderr.trim() || handle || words("noAnswer") }),
    );
  return handle;
}

/** The host answered, and no guard waits there. */
export class NotArmed extends Saying {
  override readonly name = "NotArmed";
}

/**
 * Disarms the guard, or tells what became of it instead. `disarmed`: it was waiting and never fires. `handle`: what `arm` returned, null when that
 * was never heard; the guard is then kept from being armed later as well, by an `arm` that is still on its way. Throws when the host could not be asked.
 */
export async function disarm(connection: HostConnection, run: string, handle: string | null): Promise<GuardOutcome> {
  const heard = handle === null ? "unheard" : "heard";
  const answer = await connection.script(disarmScript, [unitName(run), heard], { timeoutMs: 10_000 });
  if (answer.exit === 0) return { state: "disarmed" };
  if (answer.exit === 3) return outcome(connection, run, handle);
  throw new Error(`the undo could not be disarmed (exit ${answer.exit}): ${answer.stderr.trim()}`);
}

/** What became of the guard, or that it still waits. Throws when the host could not be asked, or answered what is none of the words. */
export async function outcome(connection: HostConnection, run: string, handle: string | null): Promise<GuardOutcome> {
  const answer = await connection.script(outcomeScript, [unitName(run), handle ?? ""], { timeoutMs: 10_000 });
  const [word = "", ...lines] = answer.stdout.trimEnd().split("\n");
  if (answer.exit !== 0) throw new Error(`the guard could not be asked (exit ${answer.exit}): ${answer.stderr.trim()}`);
  switch (word) {
    case "waiting":
    case "undoing":
    case "disarmed":
      return { state: word };
    case "rebooted":
    case "gone":
    case "vanished":
    case "cut":
      return { state: "unknown", because: word };
    case "ended":
      return resultOf(lines);
    default:
      throw new Error(`the guard answered ${JSON.stringify(word.slice(0, 80))}`);
  }
}

/** The result's lines: `STEP EXIT WORDS` each, and `end`. A line of another form is a step that nobody can call undone. */
function resultOf(lines: readonly string[]): GuardOutcome {
  const steps = lines.filter((line) => line !== "end").map(stepOf);
  const failed = steps.filter((step) => step.exit !== 0);
  return failed.length === 0 ? { state: "undone" } : { state: "not-undone", failed };
}

function stepOf(line: string): FailedStep {
  const [, step = "-1", exit = "255", said = line] = /^(\d+) (\d+) (.*)$/.exec(line) ?? [];
  return { step: Number(step), exit: Number(exit), said: said.trim() };
}

const because: Readonly<Record<Extract<GuardOutcome, { state: "unknown" }>["because"], Said>> = {
  rebooted: said("guardRebooted"),
  gone: said("guardGone"),
  vanished: said("guardVanished"),
  cut: said("guardCut"),
};

/** The outcome in words, for the run's record. `steps`: as they were shown, to name those that failed. */
export function outcomeSays(result: GuardOutcome, steps: readonly { readonly undo: string }[]): Said {
  switch (result.state) {
    case "waiting":
      return said("guardWaits");
    case "undoing":
      return said("guardUndoing");
    case "disarmed":
      return said("guardDisarmed");
    case "undone":
      return said("guardUndone");
    case "unknown":
      return because[result.because];
    case "not-undone": {
      const each = result.failed.map((f) =>
        words("exitWith", { command: steps[f.step]?.undo ?? words("aStep"), exit: f.exit, words: f.said }),
      );
      return said("guardFailed", { failures: clauses(each) });
    }
  }
}
