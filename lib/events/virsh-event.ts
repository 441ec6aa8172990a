import { defineSource } from "./define";
import { lineBuffered } from "./shell";

/**
 * Events of libvirt. The text decides nothing that matters: guests print what they like, and a reading costs less than a wrong belief.
 *
 * Sample (libvirt 9.0): `2026-11-21 18:00:00.000+0000: event 'lifecycle' for domain 'web-01': Started Booted`
 */
export const source = defineSource({
  id: "virsh-event",
  title: { en: "libvirt events", zh: "libvirt 事件" },
  on: "linux",
  script: `command -v virsh >/dev/null 2>&1 || tp_missing "virsh is not installed"
${lineBuffered}
TP_O=$(virsh -q -c qemu:///system hostname 2>&1) && { $TP_B virsh -c qemu:///system event --all --loop --timestamp; exit; }
[ "$TP_ROOT" = direct ] && tp_failed "$TP_O"
[ "$TP_KILL" = yes ] || tp_missing "needs root, or membership in the group libvirt: $(tp_flat "$TP_O")"
TP_O=$(sudo -n -- virsh -q -c qemu:///system hostname 2>&1) || tp_failed "$TP_O"
sudo -n -- virsh -c qemu:///system event --all --loop --timestamp`,
  // Clocks and balloons of guests make events all day, and rulesets are dear: only a guest that comes or goes brings any.
  tells: ["guest", "lifecycle"],
  onlyWith: "libvirt-state",
  parse: (line) => line,
  news: (line) => {
    if (line.trim() === "") return [];
    return line.includes("event 'lifecycle'") ? ["guest", "lifecycle"] : ["guest"];
  },
  sources: ["https://libvirt.org/manpages/virsh.html#event"],
  examples: [
    {
      line: "2026-11-21 18:00:00.000+0000: event 'lifecycle' for domain 'web-01': Started Booted",
      news: ["guest", "lifecycle"],
    },
    { line: "2026-11-21 18:00:00.000+0000: event 'rtc-change' for domain 'web-01': 0", news: ["guest"] },
    { line: "", news: [] },
  ],
});
