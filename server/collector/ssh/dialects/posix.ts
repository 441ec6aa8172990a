import { prelude } from "@/lib/probes/prelude";
import { quoteWord } from "../quote";
import { type Dialect, letterOf, type RootMode } from "./dialect";

/**
 * What is said over the two held shells of a connection. Both are plain `/bin/sh`, fed on stdin; nothing is written on the host, and
 * nothing but constants of this repository stands on a command line.
 *
 * Every answer starts with the *nonce* of its channel, 128 random bits that the far side is told on stdin and that no other program on the
 * host gets to see (a shell variable, not exported). So nothing that a probe, a log line or an interface name holds can pass for a frame.
 *
 * **Work channel** (requests on stdin, one a line; quoted as in quote.ts, so a quoted word may span lines):
 * - `p INDEX ID 'SCRIPT'`  remembers the script of a probe
 * - `r SEQ INDEX`          runs it
 * - `x SEQ 'SCRIPT'`       runs a script once
 * Answers: `<nonce>@PID\n` once, when the shell is there. Then for each run, on stdout *and* stderr, `<nonce>bSEQ\n` before and `<nonce>eSEQ STATUS\n`
 * after what the script prints there; on stderr also `<nonce>pSEQ PID\n` (leader of what runs). A mark is one line and has no new line before it:
 * what stands before it was printed exactly so. And bash writes line by line, so a mark of two lines could be torn apart by a script that already
 * runs while its pid is told.
 *
 * **Control channel**:
 * - `h N`        heartbeat. Without one for 45 to 90 s the far side ends everything of this connection, itself included; so does end of file.
 * - `w PIDS`     shells of the work channels, to be ended with this one
 * - `k PID PARENT`  ends PID with all below it, if PARENT is its parent (else it has ended by itself, and its number is another's),
 *   and what was orphaned in its session
 * - `K PID`      the same for a work shell
 * - `f LETTER`   follows an event source
 * Answers, each a line `<nonce>KIND text`: `@` hello, with PID, uid, `sudo -n -l` (`ok`, `no`, `untried`), reason if `no`, and hostname between
 * tabs; `hN`; `k` done (`k left PIDS` where some could not be ended); for the letter of a source: `L line`, `?L reason` (missing), `~L reason`
 * (cannot start now), `!L STATUS` (ended).
 *
 * Measured: a sweep framed like this costs 15 to 30 % more than the same commands in one raw shell (a fork of the shell itself for each
 * probe); with `timeout sh -c` around each probe it is 170 %. Therefore time limits are kept from the control channel.
 */
export const posix: Dialect = {
  platform: "linux",
  reads: "sh",
  // `exec` replaces the login shell, so that no rc file of it lives on.
  plainShell: "exec /bin/sh",
  sudoShell: (prompt, mark) =>
    `exec sudo -k -S -p ${quoteWord(prompt)} -- /bin/sh -c ${quoteWord(`printf '%s\\n' ${mark}; exec /bin/sh`)}`,
  work,
  control,
  requests: {
    define: (index, id, script) => `p ${index} ${quoteWord(id)} ${quoteWord(script)}\n`,
    run: (seq, index) => `r ${seq} ${index}\n`,
    once: (seq, script) => `x ${seq} ${quoteWord(script)}\n`,
    heartbeat: (count) => `h ${count}\n`,
    watch: (pids) => `w ${pids.join(" ")}\n`,
    end: (pid, parent) => `k ${pid} ${parent}\n`,
    endSession: (pid) => `K ${pid}\n`,
    follow: (letter) => `f ${letter}\n`,
  },
};

/** First input of a work channel. */
function work(nonce: string, root: RootMode): string {
  return `# taproot work ${nonce} ${root}
TP_N=${nonce}; TP_ROOT=${root}
cd /
${prelude}
p() { eval "TP_S$1=\\$3"; }
r() { eval "x \\"\\$1\\" \\"\\$TP_S$2\\""; }
x() {
printf '%sb%d\\n' "$TP_N" "$1"; printf '%sb%d\\n' "$TP_N" "$1" >&2
eval "( $2
) </dev/null &"
printf '%sp%d %d\\n' "$TP_N" "$1" "$!" >&2
wait "$!"; TP_S=$?
printf '%se%d %d\\n' "$TP_N" "$1" "$TP_S"; printf '%se%d %d\\n' "$TP_N" "$1" "$TP_S" >&2
}
printf '%s@%d\\n' "$TP_N" "$$"
`;
}

/**
 * Ending things without leaving any behind. `tp_below PIDS` lists all that descends from them, from one look at /proc (one fork; no pkill,
 * which is not everywhere). `tp_session PID` says whose orphans go too: those of the shell's session, if that is its own and not that of an
 * ssh server that gives its shells none. `tp_end PIDS` ends them by force, and looks again: what was forked between the look and the end is
 * an orphan then. What belongs to root needs sudo, where sudo allows `kill`.
 */
const ending = `
tp_below() {
TP_T=" $* "; TP_A=$(cat /proc/[0-9]*/stat 2>/dev/null); TP_G=1; set -f; TP_I=$IFS
while [ "$TP_G" = 1 ]; do TP_G=0; IFS='
'
for TP_L in $TP_A; do IFS=' '
TP_P=\${TP_L%% *}; set -- \${TP_L##*) }
case $TP_P in *[!0-9]*|'') continue ;; esac
case "$1$TP_T" in Z*|*" $TP_P "*) continue ;; esac
case "$TP_T" in *" $2 "*) TP_T="$TP_T$TP_P "; TP_G=1; continue ;; esac
case "$2 $TP_X" in "1 "*" $4 "*) TP_T="$TP_T$TP_P "; TP_G=1 ;; esac
done; done
IFS=$TP_I; set +f
}
tp_parent() { TP_P=; read -r TP_L 2>/dev/null </proc/"$1"/stat && { set -- \${TP_L##*) }; TP_P=$2; }; }
tp_session() {
read -r TP_L 2>/dev/null </proc/"$1"/stat || return 0
set -- "$1" \${TP_L##*) }
if [ "$5" = "$1" ]; then TP_X="$TP_X $5 "
elif [ "$5" = "$3" ] && read -r TP_L 2>/dev/null </proc/"$3"/stat; then case $TP_L in *' (sudo) '*) TP_X="$TP_X $5 " ;; esac; fi
}
tp_end() {
read -r TP_ME TP_L </proc/self/stat; TP_R="1 2 3 4 5"; TP_Y=$*
for TP_R in $TP_R; do
tp_below $TP_Y; set --
for TP_P in $TP_T; do [ "$TP_P" = "$TP_ME" ] || [ ! -d "/proc/$TP_P" ] || set -- "$@" "$TP_P"; done
[ $# = 0 ] && break
kill -KILL "$@" 2>/dev/null || { [ "$TP_ROOT" = sudo ] && sudo -n -- kill -KILL "$@" >/dev/null 2>&1 </dev/null; }
done
TP_X=
}
tp_all() { TP_X=; for TP_S in "$TP_C" $TP_W; do tp_session "$TP_S"; done; tp_end "$TP_C" $TP_W; exit 0; }
`.trim();

/** End of file and silence: whichever way the connection goes, this ends what it started on the host. */
const watching = `
tp_watch() {
[ -z "$TP_D" ] || kill -TERM "$TP_D" 2>/dev/null
( TP_V=1; trap 'TP_V=1' USR1; trap 'kill "$TP_Z" 2>/dev/null; exit 0' TERM
while [ "$TP_V" = 1 ]; do TP_V=0; sleep 45 & TP_Z=$!
while kill -0 "$TP_Z" 2>/dev/null; do wait "$TP_Z"; done
done
tp_all ) </dev/null >/dev/null 2>&1 &
TP_D=$!
}
`.trim();

/** Follows one source: its lines go through a loop of the shell itself. Measured: 0.1 ms a line, no buffer in between, no tool that may be missing. */
const following = `
tp_tag() { while IFS= read -r TP_L; do printf '%s%s %s\\n' "$TP_N" "$1" "$TP_L"; done; }
tp_src() {
eval "{ ( $2
) 2>&1; printf '%s!%s %d\\n' \\"\\$TP_N\\" $1 \\"\\$?\\"; } </dev/null | tp_tag $1 &"
}
tp_flat() { printf '%s' "$1" | tr '\\n\\t' '  '; }
tp_missing() { printf '%s?%s %s\\n' "$TP_N" "$TP_K" "$1"; exit 127; }
tp_failed() { printf '%s~%s %s\\n' "$TP_N" "$TP_K" "$(tp_flat "$1")"; exit 1; }
`.trim();

/**
 * First input of the control channel. Its last command is one compound with what follows the loop in it: bash reads its script byte by
 * byte, and what stood after the loop would be read by the loop. `trySudo`: whether to look if sudo works without a password. */
function control(nonce: string, trySudo: boolean, sources: readonly { readonly script: string }[]): string {
  const scripts = sources.map(({ script }, at) => `TP_F${letterOf(at)}=${quoteWord(script)}`).join("\n");
  return `# taproot control ${nonce}
TP_N=${nonce}; TP_ROOT=none; TP_KILL=no; TP_C=$$; TP_W=; TP_D=; TP_X=; TP_P=
cd /
${prelude}
${ending}
${watching}
${following}
${scripts}
TP_U=$(id -u); TP_SUDO=untried; TP_O=
if [ "$TP_U" = 0 ]; then TP_ROOT=direct; elif [ ${trySudo ? "yes" : "no"} = yes ]; then
if TP_O=$(sudo -n -l 2>&1 >/dev/null </dev/null); then TP_SUDO=ok; TP_ROOT=sudo; sudo -n -- kill -0 $$ >/dev/null 2>&1 </dev/null && TP_KILL=yes; else TP_SUDO=no; fi; fi
read -r TP_H </proc/sys/kernel/hostname || TP_H=$(uname -n)
tp_watch
printf '\\n%s@%d\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$TP_N" "$$" "$TP_U" "$TP_SUDO" "$(tp_flat "$TP_O")" "$(tp_flat "$SSH_CONNECTION")" "$TP_H"
{ while read -r TP_Q TP_1 TP_2; do case $TP_Q in
h) kill -USR1 "$TP_D" 2>/dev/null; printf '%sh %s\\n' "$TP_N" "$TP_1" ;;
w) TP_W="$TP_1 $TP_2"; tp_watch ;;
k) tp_parent "$TP_1"; [ "$TP_P" = "$TP_2" ] && { tp_session "$TP_2"; tp_end "$TP_1"; }; printf '%sk %s\\n' "$TP_N" "$TP_1" ;;
K) tp_parent "$TP_1"; [ -n "$TP_P" ] && { tp_session "$TP_1"; tp_end "$TP_1"; }; printf '%sk %s\\n' "$TP_N" "$TP_1" ;;
f) TP_K=$TP_1; case $TP_K in [A-Z]) eval "tp_src $TP_K \\"\\$TP_F$TP_K\\"" ;; esac ;;
esac; done; tp_all; }
`;
}
