import { messageIn } from "@/lib/text/findings";
import { both, type Said, Saying, said, wordsOf } from "@/lib/text/said";
import type { Phase, RemedyDeps, RemedyHost, RunRecord } from "./api";
import { linesOf } from "./commands";
import { disarm, type GuardOutcome, outcome, outcomeSays } from "./guard";
import { restsOn } from "./rests-on";

/** How a run that was cut off ended. `settled`: nothing more can be learnt of it, so it is not asked for again. */
export interface Settled {
  readonly phase: Phase;
  readonly says: Said;
  readonly settled: boolean;
}

/** The host's timer, its accuracy and the time that the steps take; beyond it a guard that still waits is a fault. */
const graceMs = 1_500;
const lookAgainMs = 1_000;
/** Each step of an undo has 30 s (guard-scripts.ts); more than a few of them never hang. */
const patienceMs = 90_000;

/** Waits for the end of an armed guard, and gives what became of it. Throws when the host cannot be asked. */
export async function guardEnd(
  record: RunRecord,
  host: RemedyHost,
  deps: Pick<RemedyDeps, "now" | "sleep">,
): Promise<GuardOutcome> {
  const latest = Math.max(record.undoAt ?? 0, deps.now()) + patienceMs;
  for (;;) {
    const connection = host.connection();
    if (!connection) throw new Saying(said("connectionLost", { host: record.host }));
    const result = await outcome(connection, record.run, record.guard);
    if ((result.state !== "waiting" && result.state !== "undoing") || deps.now() > latest) return result;
    const left = result.state === "waiting" ? (record.undoAt ?? 0) + graceMs - deps.now() : 0;
    await deps.sleep(Math.max(lookAgainMs, left));
  }
}

/**
 * What became of a run that was cut off: by a crash of ours, a lost connection, a reboot of the host. The host is asked; a guard that waits is left to
 * fire, for nobody has verified the change. Undefined while the host cannot be asked. Throws when asking failed.
 */
export async function settle(record: RunRecord, host: RemedyHost, deps: RemedyDeps): Promise<Settled | undefined> {
  const connection = host.connection();
  if (!connection) return undefined;
  // No step is ever sent before the guard's handle is written down: without one, nothing was changed.
  if (record.guard === null) return neverArmed(record, await disarm(connection, record.run, null));
  const result = await guardEnd(record, host, deps);
  await host.reread(restsOn(record.finding));
  const says = both(outcomeSays(result, linesOf(record)), findingSays(record, host));
  // We undid it, and said so before the guard was to be disarmed: that the guard then did it once more, and found nothing to do, or was never heard of
  // again, takes nothing from it.
  if (record.disarming === "undone" && (result.state === "not-undone" || result.state === "unknown"))
    return { phase: "undone", says: around("undoneBeforeCut", says), settled: true };
  switch (result.state) {
    case "undone":
      return { phase: "undone", says, settled: true };
    case "not-undone":
      return { phase: "failed", says, settled: true };
    case "disarmed":
      return disarmed(record, says, isBack(record, host));
    case "unknown":
      return { phase: "unknown", says, settled: true };
    case "waiting":
    case "undoing":
      return { phase: "unknown", says: around("longAfter", says), settled: false };
  }
}

/** A sentence around another one. */
const around = (id: "undoneBeforeCut" | "longAfter" | Ended, says: Said): Said => said(id, { says: wordsOf(says) });
type Ended = "neverArmedBut" | "backSince" | "verifiedBefore" | "takenBackBefore" | "halfTaken";

function neverArmed(record: RunRecord, result: GuardOutcome): Settled {
  const ran = result.state === "undone" || result.state === "not-undone" || result.state === "undoing";
  const says = ran ? around("neverArmedBut", outcomeSays(result, linesOf(record))) : said("neverArmed");
  return { phase: "failed", says, settled: true };
}

/** Only we disarm, and before that we write down why (run.ts). */
function disarmed(record: RunRecord, says: Said, back: boolean): Settled {
  // What comes back after it was verified is taken back (run.ts), and a store that failed then still says "verified".
  if (record.disarming === "verified" && back)
    return { phase: "unknown", says: around("backSince", says), settled: true };
  if (record.disarming === "verified") return { phase: "kept", says: around("verifiedBefore", says), settled: true };
  if (record.disarming === "undone") return { phase: "undone", says: around("takenBackBefore", says), settled: true };
  return { phase: "unknown", says: around("halfTaken", says), settled: true };
}

function isBack(record: Pick<RunRecord, "finding">, host: RemedyHost): boolean {
  const finding = host.engine.snapshot().findings.find((f) => f.key === record.finding);
  return finding !== undefined && finding.status !== "unknown";
}

/** What the check says of the finding now. */
export function findingSays(record: Pick<RunRecord, "finding">, host: RemedyHost): Said {
  const finding = host.engine.snapshot().findings.find((f) => f.key === record.finding);
  if (!finding) return said("clearNow");
  return finding.status === "unknown" ? said("unknownNow") : said("saysNow", { message: messageIn(finding) });
}
