import { backFunction, keptFolder } from "./files";

/**
 * What the undo guard runs on the host: POSIX sh, constants of this repository, as root, with positional parameters.
 *
 * The undo lies in a file that only root can read, and the timer is given nothing but that file's name. So no manager's own expansion ever sees it:
 * systemd-run expands `${X}` and `$$` in arguments on every release (systemd#23631), `%` too in unit files, and its switch
 * `--expand-environment=no` exists since 254 only. A file reads the same on 247, on 257 and without systemd.
 *
 * A folder a run, /run/taproot-undo/UNIT (tmpfs where the host keeps to the FHS; the boot id is kept beside it for hosts that do not):
 * - `boot`    boot id when it was armed
 * - `undo`    the script: settle the claim, every step, the result
 * - `claim`   a symbolic link to `disarmed` or `fired`: made by one of the two, atomically, so that never both happen
 * - `by`      what holds it: `systemd`, or `sh PID`
 * - `pid`     of the undo while it runs
 * - `result`  a line a step that was tried, `STEP EXIT WORDS`, and `end` when all were
 */

/** Folder of the guards' records. The tests look into it. */
export const guardFolder = "/run/taproot-undo";

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH";

/** Records older than this are of runs that ended: the longest window is minutes. */
const keptDays = 7;

/**
 * Head of the undo's file; $1 is its folder. Every step is tried, whatever became of the one before, and none may hang for ever: one that waits for a
 * daemon that is gone (ovs-vsctl does) would keep all after it from being tried. `file` puts the old bytes of a file back (files.ts).
 */
export const undoHead = `
${path}
cd "$1" || exit 1
echo "$$" >pid
ln -s fired claim 2>/dev/null || exit 0
# busybox before 1.30 has another syntax.
limit=; timeout 5 true >/dev/null 2>&1 && limit='timeout 30'
tried() { printf '%s %s %s\\n' "$n" "$e" "$(head -c 300 said | tr '\\n\\t\\r' '   ')" >>result; }
step() { n=$1; shift; $limit "$@" >said 2>&1 </dev/null; e=$?; tried; }
kept="${keptFolder}/\${1##*/}"
${backFunction}
file() { n=$1; shift; back "$@" "$kept" "$n" >said 2>&1 </dev/null; e=$?; tried; }`.trim();

/**
 * $1 unit name, $2 window in seconds, $3 the steps (lines of \`step N ARGV\`). Prints \`systemd BOOT\` or \`sh PID BOOT\`; exit 0 only once the guard is known
 * to be waiting. Whatever fails takes back what was there of it. AccuracySec: timers are otherwise coalesced into one-minute slots (systemd.timer(5)).
 */
export const armScript = `
${path}
umask 077
root=${guardFolder}
d="$root/$1"
give_up() { echo "$2" >&2; [ -z "$made" ] || { ln -s disarmed "$d/claim"; rm -rf "$d"; } 2>/dev/null; exit "$1"; }
made=
read -r boot </proc/sys/kernel/random/boot_id || give_up 74 'the boot id cannot be read'
mkdir -p "$root" && [ -O "$root" ] && [ ! -h "$root" ] && chmod 700 "$root" || give_up 73 "$root cannot be made, or is not root's own"
find "$root" -mindepth 1 -maxdepth 1 -mtime +${keptDays} -exec rm -rf {} + 2>/dev/null
mkdir "$d" || give_up 73 "$d is there already, or cannot be made"
made=yes
printf '%s\\n' "$boot" >"$d/boot" && printf '%s\\n%s\\necho end >>result\\n' '${undoHead.replaceAll("'", `'\\''`)}' "$3" >"$d/undo" || give_up 73 "$d cannot be written"
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit="$1" --on-active="\${2}s" --timer-property=AccuracySec=100ms /bin/sh "$d/undo" "$d" >&2 || give_up 70 'systemd-run failed'
  systemctl is-active --quiet "$1.timer" || give_up 71 'the timer does not wait'
  echo systemd >"$d/by"
  echo "systemd $boot"
else
  command -v setsid >/dev/null 2>&1 || give_up 72 'neither systemd-run nor setsid is on the host'
  setsid /bin/sh -c 'sleep "$2"; exec /bin/sh "$3/undo" "$3"' taproot-guard "$1" "$2" "$d" </dev/null >/dev/null 2>&1 &
  pid=$!
  sleep 0.1 2>/dev/null || sleep 1
  kill -0 "$pid" 2>/dev/null || give_up 71 'the waiting shell has ended'
  echo "sh $pid" >"$d/by"
  echo "sh $pid $boot"
fi`.trim();

/** Whether something still holds the guard of the unit $1, whose folder is $2; sets \`p\` to its process if that is a shell. For the scripts below. */
const waits = `
waits() {
  p=; read -r by p <"$2/by" 2>/dev/null || by=systemd
  if [ "$by" = sh ]; then tr '\\0' '\\n' <"/proc/$p/cmdline" 2>/dev/null | grep -qxF -e "$1" -e "$2/undo"
  else systemctl is-active --quiet "$1.timer"; fi
}`.trim();

/**
 * $1 unit name, $2 what the arm script printed (empty when that was never heard). Prints one word, \`gone\`, \`rebooted\`, \`waiting\`, \`vanished\`,
 * \`disarmed\`, \`undoing\`, \`cut\`, or \`ended\` with the result's lines after it.
 */
export const outcomeScript = `
${path}
${waits}
d="${guardFolder}/$1"
read -r now </proc/sys/kernel/random/boot_id || exit 74
case "$2" in *-*-*-*-*) [ "\${2##* }" = "$now" ] || { echo rebooted; exit 0; } ;; esac
[ -d "$d" ] || { echo gone; exit 0; }
read -r boot <"$d/boot" 2>/dev/null || boot=
[ "$boot" = "$now" ] || { echo rebooted; exit 0; }
claim=$(readlink "$d/claim" 2>/dev/null)
if [ -z "$claim" ]; then
  if waits "$1" "$d"; then echo waiting; exit 0; fi
  # It may have fired between the two looks.
  claim=$(readlink "$d/claim" 2>/dev/null)
  [ -n "$claim" ] || { echo vanished; exit 0; }
fi
[ "$claim" = fired ] || { echo disarmed; exit 0; }
if grep -qx end "$d/result" 2>/dev/null; then echo ended; cat "$d/result"; exit 0; fi
read -r p <"$d/pid" 2>/dev/null || p=
if [ -n "$p" ] && tr '\\0' '\\n' <"/proc/$p/cmdline" 2>/dev/null | grep -qxF -- "$d/undo"; then echo undoing; exit 0; fi
# It may have ended between the two looks.
if grep -qx end "$d/result" 2>/dev/null; then echo ended; else echo cut; fi
cat "$d/result" 2>/dev/null
exit 0`.trim();

/**
 * $1 unit name, $2 `unheard` where the arm script's answer was never heard. Exit 0: it had not fired, and never will. Exit 3: it had fired, or is of
 * another boot, or there is no record; ask for the outcome. An arm script that was not heard of may still be about to run (our process was killed, its
 * shell on the host was not): it gives up where its folder is there, so that is made.
 * Taking the claim is all: from then on it cannot act, even if what follows fails or is cut off.
 */
export const disarmScript = `
${path}
${waits}
d="${guardFolder}/$1"
read -r now </proc/sys/kernel/random/boot_id || exit 74
if [ "$2" = unheard ]; then
  umask 077
  root=${guardFolder}
  mkdir -p "$root" && [ -O "$root" ] && [ ! -h "$root" ] && chmod 700 "$root" || { echo "$root cannot be made, or is not root's own" >&2; exit 73; }
  mkdir "$d" 2>/dev/null && printf '%s\\n' "$now" >"$d/boot"
else
  read -r boot <"$d/boot" 2>/dev/null || exit 3
  [ "$boot" = "$now" ] || exit 3
fi
ln -s disarmed "$d/claim" 2>/dev/null || exit 3
if waits "$1" "$d"; then
  if [ -n "$p" ]; then kill -- "-$p"; else systemctl stop "$1.timer"; fi
fi
exit 0`.trim();

/**
 * Whether a guard could be armed at all, asked before anything is shown or changed. A narrow sudo refuses the script itself; what else may be missing
 * is printed. Exit 0: it could.
 */
export const mayArmScript = `
${path}
[ "$(id -u)" = 0 ] || { echo "this is user $(id -un), not root" >&2; exit 77; }
[ -r /proc/sys/kernel/random/boot_id ] || { echo 'the boot id cannot be read' >&2; exit 74; }
[ -d /run ] && [ -w /run ] || { echo '/run cannot be written' >&2; exit 73; }
{ [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; } || command -v setsid >/dev/null 2>&1 || { echo 'neither systemd-run nor setsid is on the host' >&2; exit 72; }`.trim();
