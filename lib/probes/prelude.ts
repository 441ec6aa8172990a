/**
 * Shell helpers that stand before every probe script. POSIX sh; dash and busybox sh run it.
 * `as_root` ends with 77 where there is no root, and where sudo is there but not allowed for this very command (sudo says 1 for that, as the command itself
 * may: only then is sudo asked again). `try_root` runs the command as root where that is to be had, else as the user who logged in.
 * `iproute2_or_absent ip|bridge`, after an item (status in `_s`): busybox has an `ip` of its own that knows no -j; where the item failed because of that, the tool is absent.
 * TP_ROOT is set once per connection by the collector: `direct` (we are root), `sudo` (sudo -n works), `none`.
 */
export const prelude = `
LC_ALL=C; export LC_ALL
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; export PATH
as_root() { case "$TP_ROOT" in direct) "$@" ;; sudo) sudo -n -- "$@"; _r=$?; [ "$_r" != 1 ] || sudo -n -l -- "$@" >/dev/null 2>&1 || return 77; return "$_r" ;; *) return 77 ;; esac; }
try_root() { as_root "$@"; _t=$?; [ "$_t" = 77 ] || return "$_t"; "$@"; }
need() { command -v "$1" >/dev/null 2>&1 || exit 127; }
iproute2_or_absent() { [ "$_s" = 0 ] || case $("$1" -V 2>&1) in *iproute2*) ;; *) exit 127 ;; esac; }
item() { _n=$1; shift; _o=$("$@" </dev/null); _s=$?; printf '#item %d %d %d\\n%s\\n%s\\n' "\${#_n}" "$_s" "\${#_o}" "$_n" "$_o"; }
`.trim();
