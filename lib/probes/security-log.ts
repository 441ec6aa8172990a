import { z } from "zod";
import { defineProbe } from "./define";
import { printItem } from "./items";
import { logLinesOf, partsOf } from "./parts";
import { rootScript } from "./root-script";

/** The kernel cuts an audit record at 8,970 bytes (MAX_AUDIT_MESSAGE_LENGTH). */
const recordMost = 9_216;

/** A denial that SELinux or AppArmor wrote to the audit log. */
export const Denial = z.object({
  /** Unix seconds. */
  time: z.number().optional(),
  /** The line as it stands; programs and guests have a hand in it. */
  text: z.string(),
});
export type Denial = z.infer<typeof Denial>;

const read = rootScript(
  '[ -r /var/log/audit/audit.log ] || exit 127; grep -aE "type=(AVC|USER_AVC|APPARMOR_DENIED) |apparmor=.DENIED" /var/log/audit/audit.log | tail -n 200',
);

/**
 * The last 200 denials of the audit log. Without auditd they are in the kernel's log (probe kernel-log).
 *
 * Sample: `type=AVC msg=audit(1767607920.123:456): apparmor="DENIED" operation="open" profile="libvirt-5b00..." name="/srv/x.img" comm="qemu-system-x86"`
 */
export const probe = defineProbe({
  id: "security-log",
  title: { en: "Denials by SELinux and AppArmor", zh: "SELinux 与 AppArmor 拒绝记录" },
  tier: "slow",
  command: "ausearch -m AVC; grep DENIED /var/log/audit/audit.log",
  script: `[ -d /var/log/audit ] || exit 127
item denials as_root ${read}; case $_s in 77|127) exit "$_s" ;; esac`,
  privilege: "root",
  sudo: [read],
  timeoutMs: 10_000,
  maxBytes: 1_048_576,
  fact: z.array(Denial),
  parse: (raw) =>
    logLinesOf(partsOf(raw, ["denials"])("denials"), recordMost)
      .filter((line) => line !== "")
      .map((text) => {
        const time = /\baudit\((\d{1,12}\.\d{1,9}):\d+\)/.exec(text)?.[1];
        return { time: time === undefined ? undefined : Number(time), text };
      }),
  sources: [
    "https://github.com/linux-audit/audit-documentation/wiki",
    "https://gitlab.com/apparmor/apparmor/-/wikis/AppArmor_Failures",
  ],
  examples: [
    {
      name: "AppArmor denies a guest its image",
      stdout: printItem(
        "denials",
        'type=AVC msg=audit(1767607920.123:456): apparmor="DENIED" operation="open" profile="libvirt-5b000000" name="/srv/x.img" comm="qemu-system-x86"\n',
      ),
      expect: [
        {
          time: 1767607920.123,
          text: 'type=AVC msg=audit(1767607920.123:456): apparmor="DENIED" operation="open" profile="libvirt-5b000000" name="/srv/x.img" comm="qemu-system-x86"',
        },
      ],
    },
  ],
});
