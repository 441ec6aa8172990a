import { createHash, randomBytes } from "node:crypto";
import type { Argv } from "@/lib/changes/define";
import type { HostConnection } from "../ssh/api";
import { quoteArgv } from "../ssh/quote";
import { allowed } from "./commands";

/**
 * The net under every change: an undo that the host itself fires when nobody disarms it in time. With systemd it is a transient timer
 * (systemd-run(1)), which outlives our connection and our process; without, a detached sh in a session of its own.
 */

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH";

/**
 * $1 unit name, $2 window in seconds, $3 undo script. Prints `systemd` or `sh <pid>`; exit 0 only once the guard is known to be waiting.
 * AccuracySec: timers are otherwise coalesced into one-minute slots (systemd.timer(5)).
 */
export const armScript = `
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit="$1" --on-active="\${2}s" --timer-property=AccuracySec=100ms /bin/sh -c "$3" >&2 || exit 70
  systemctl is-active --quiet "$1.timer" || exit 71
  echo systemd
else
  command -v setsid >/dev/null 2>&1 || { echo 'neither systemd-run nor setsid is on the host' >&2; exit 72; }
  setsid /bin/sh -c 'sleep "$2"; exec /bin/sh -c "$3"' taproot-guard "$1" "$2" "$3" </dev/null >/dev/null 2>&1 &
  pid=$!
  sleep 0.1 2>/dev/null || sleep 1
  kill -0 "$pid" 2>/dev/null || exit 71
  echo "sh $pid"
fi`.trim();

/** $1 unit name, $2 what the arm script printed. Exit 0: disarmed before it fired. Exit 3: it was no longer waiting. */
export const disarmScript = `
case "$2" in
  systemd)
    systemctl is-active --quiet "$1.timer" || exit 3
    systemctl stop "$1.timer" || exit 70 ;;
  "sh "*)
    pid="\${2#sh }"
    tr '\\0' '\\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF -- "$1" || exit 3
    kill -- "-$pid" || exit 3 ;;
  *) exit 64 ;;
esac`.trim();

/** $1 unit name, $2 what the arm script printed. Exit 0: still waiting; 3: not. */
export const waitingScript = `
case "$2" in
  systemd) systemctl is-active --quiet "$1.timer" || exit 3 ;;
  "sh "*) tr '\\0' '\\n' <"/proc/\${2#sh }/cmdline" 2>/dev/null | grep -qxF -- "$1" || exit 3 ;;
  *) exit 64 ;;
esac`.trim();

/** The undo of a whole plan as one sh script: last step first, every step tried even when an earlier one fails. Throws ChangeRefused for a program that no change may run. */
export function undoScript(plan: { readonly steps: readonly { readonly undo: Argv }[] }): string {
  const lines = [...plan.steps].reverse().map((step) => quoteArgv(allowed(step.undo)));
  return [path, ...lines].join("\n");
}

/** Fingerprint of what a person was shown, so that something else is never applied in its place. */
export function planDigest(plan: { readonly steps: readonly unknown[] }): string {
  return createHash("sha256").update(JSON.stringify(plan.steps)).digest("hex");
}

export const newRunId = (): string => randomBytes(12).toString("hex");
export const unitName = (run: string): string => `taproot-undo-${run}`;

/** Arms the undo. Returns the guard's handle; throws with the host's own words when it could not be armed. */
export async function arm(connection: HostConnection, run: string, windowMs: number, undo: string): Promise<string> {
  const answer = await connection.script(armScript, [unitName(run), String(Math.ceil(windowMs / 1000)), undo], {
    timeoutMs: 15_000,
  });
  const handle = answer.stdout.trim();
  if (answer.exit !== 0 || !/^(systemd|sh \d+)$/.test(handle)) {
    throw new Error(
      `the undo could not be armed (exit ${answer.exit}): ${answer.stderr.trim() || handle || "no answer"}`,
    );
  }
  return handle;
}

/** true: disarmed in time. false: it had fired or gone already. Throws when the host could not be asked. */
export async function disarm(connection: HostConnection, run: string, handle: string): Promise<boolean> {
  const answer = await connection.script(disarmScript, [unitName(run), handle], { timeoutMs: 10_000 });
  if (answer.exit === 0) return true;
  if (answer.exit === 3) return false;
  throw new Error(`the undo could not be disarmed (exit ${answer.exit}): ${answer.stderr.trim()}`);
}

/** Whether the guard is still waiting on the host. */
export async function waiting(connection: HostConnection, run: string, handle: string): Promise<boolean> {
  const answer = await connection.script(waitingScript, [unitName(run), handle], { timeoutMs: 10_000 });
  if (answer.exit === 0) return true;
  if (answer.exit === 3) return false;
  throw new Error(`the guard could not be asked for (exit ${answer.exit}): ${answer.stderr.trim()}`);
}
