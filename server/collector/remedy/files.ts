import { createHash } from "node:crypto";
import { z } from "zod";
import type { FileWrite } from "@/lib/persist/define";

/**
 * Files that a change writes on a host. The old bytes are kept on the host itself, in a folder that only root reads, with owner, mode and times: so the
 * database holds no bytes that an undo would write as root, only digests, and an undo needs nothing but the host. Written is a file beside the old one
 * with a leading dot, which no manager reads, and then the name is moved (rename(2)): there is never half a file.
 */

/** Where the old bytes of a run's files lie, a folder a run. Outlasts a reboot. The tests look into it. */
export const keptFolder = "/var/lib/taproot/undo";

/** Old bytes are kept so long after a run: it can be taken back for a day, and a host may have been rebooted and found wrong much later. */
const keptDays = 30;

/** Largest file that is written, bytes: it travels as a parameter of a script, and configuration is far smaller. */
export const longestFile = 64 * 1024;

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** An absolute path of plain names: nothing that a shell, a glob or a climb could make another of. */
export const HostPath = z
  .string()
  .max(500)
  .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._@:+-]+)+$/, "is no path that may be written");

/** What is stored of a file step. */
export const KeptFile = z.strictObject({ path: HostPath, was: Digest.nullable(), now: Digest });
export type KeptFile = z.output<typeof KeptFile>;

export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The digests of a file step. Throws a ZodError for a path that may not be written, and an Error for a file that is too long. */
export function keptOf({ path, text, was }: FileWrite): KeptFile {
  if (Buffer.byteLength(text) > longestFile) throw new Error(`${path} would be longer than ${longestFile} bytes`);
  return KeptFile.parse({ path, was: was === null ? null : digestOf(was), now: digestOf(text) });
}

/** Shell functions of both scripts: `sum FILE` prints the digest of a file, or `absent`; a symbolic link is nobody's to write. */
const common = `
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
sum() { if [ -h "$1" ]; then echo link; elif [ -f "$1" ]; then s=$(sha256sum <"$1") && echo "\${s%% *}"; elif [ -e "$1" ]; then echo other; else echo absent; fi; }
label() { command -v restorecon >/dev/null 2>&1 && restorecon "$1" 2>/dev/null; return 0; }`.trim();

/**
 * $1 path, $2 digest that it must have now or `absent`, $3 digest of the new bytes, $4 folder for the old ones, $5 name of the step, $6 new bytes in
 * base64. Exit 0: it holds the new bytes, and the old ones are kept. Any other: it is as it was.
 */
export const writeScript = `
${common}
give_up() { rm -f "$new"; echo "$1" >&2; exit 1; }
new="\${1%/*}/.taproot-$5.new"
now=$(sum "$1")
[ "$now" = "$2" ] || give_up "$1 is not what it was when the plan was made"
umask 077
find "\${4%/*}" -mindepth 1 -maxdepth 1 -mtime +${keptDays} -exec rm -rf {} + 2>/dev/null
mkdir -p "$4" && [ -O "$4" ] && [ ! -h "$4" ] && chmod 700 "$4" || give_up "$4 cannot be made, or is not root's own"
if [ "$2" = absent ]; then : >"$4/$5.absent" && : >"$new" && chmod 644 "$new"
else cp -p "$1" "$4/$5.old" && cp -p "$1" "$new"; fi || give_up "the old bytes of $1 cannot be kept"
printf %s "$6" | base64 -d >"$new" || give_up "$new cannot be written"
[ "$(sum "$new")" = "$3" ] || give_up "$new does not hold what was sent"
sync 2>/dev/null
mv -f "$new" "$1" || give_up "$1 cannot be replaced"
label "$1"
exit 0`.trim();

/**
 * Function `back PATH WAS NOW FOLDER STEP`: puts the old bytes back. 0: they are there, also where they were already. 1: the file is neither what we
 * wrote nor what it was: somebody else has changed it, and it is left alone.
 */
export const backFunction = `
${common}
back() {
  now=$(sum "$1")
  [ "$now" = "$2" ] && return 0
  [ "$now" = "$3" ] || { echo "$1 was changed by somebody else since" >&2; return 1; }
  if [ "$2" = absent ]; then rm -f "$1"; return; fi
  [ "$(sum "$4/$5.old")" = "$2" ] || { echo "the old bytes of $1 are not in $4" >&2; return 1; }
  cp -p "$4/$5.old" "\${1%/*}/.taproot-$5.new" && mv -f "\${1%/*}/.taproot-$5.new" "$1" && label "$1"
}`.trim();

/** The same as a script of its own, with the function's parameters. */
export const backScript = `
${backFunction}
back "$@"`.trim();
