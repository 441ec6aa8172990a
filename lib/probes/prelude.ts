/**
 * Shell helpers that stand before every probe script. POSIX sh; dash and busybox sh run it.
 * TP_ROOT is set once per connection by the collector: `direct` (we are root), `sudo` (sudo -n works), `none`.
 */
export const prelude = `
LC_ALL=C; export LC_ALL
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; export PATH
as_root() { case "$TP_ROOT" in direct) "$@" ;; sudo) sudo -n -- "$@" ;; *) return 77 ;; esac; }
need() { command -v "$1" >/dev/null 2>&1 || exit 127; }
item() { _n=$1; shift; _o=$("$@" </dev/null); _s=$?; printf '#item %d %d %d\\n%s\\n%s\\n' "\${#_n}" "$_s" "\${#_o}" "$_n" "$_o"; }
`.trim();
