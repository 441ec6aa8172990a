import { defineSource } from "./define";
import { lineBuffered } from "./shell";

/** Lines of the kernel log. What a line says decides nothing: it is text of drivers and guests, and the log is read as a whole. */
export const source = defineSource({
  id: "kernel-log",
  title: { en: "Kernel log", zh: "内核日志" },
  on: "linux",
  script: `${lineBuffered}
if command -v dmesg >/dev/null 2>&1; then
TP_F=--follow; dmesg --help 2>&1 | { while read -r TP_L; do case $TP_L in *--follow-new*) exit 0 ;; esac; done; exit 1; } && TP_F=--follow-new
if dmesg >/dev/null 2>&1; then $TP_B dmesg "$TP_F"; exit; fi
if [ "$TP_KILL" = yes ] && sudo -n -- dmesg >/dev/null 2>&1; then sudo -n -- dmesg "$TP_F"; exit; fi
fi
command -v journalctl >/dev/null 2>&1 || tp_missing "neither dmesg nor journalctl can be read"
[ "$TP_ROOT" = direct ] || journalctl -k -n 1 -q 2>/dev/null | read -r TP_L || tp_missing "the kernel log needs root, or membership in the group adm"
journalctl -kf -n 0 -o short-iso`,
  tells: ["line"],
  parse: (line) => line,
  news: (line) => (line.trim() === "" ? [] : ["line"]),
  sources: ["https://man7.org/linux/man-pages/man1/dmesg.1.html"],
  examples: [
    { line: "[ 4711.000123] bond0: (slave nic0): link status definitely down, disabling slave", news: ["line"] },
    { line: "", news: [] },
  ],
});
