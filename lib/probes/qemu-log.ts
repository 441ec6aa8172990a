import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { printItem } from "./items";
import { logLinesOf, partsOf } from "./parts";
import { rootScript } from "./root-script";

/** What QEMU last said about one libvirt domain. */
export const QemuLog = z.object({
  /** Name of the domain, which is the name of the file. */
  domain: z.string(),
  /** Complaints and ends, at most 10, oldest first; command lines are left out. */
  lines: z.array(z.string()),
});
export type QemuLog = z.infer<typeof QemuLog>;

const read = rootScript(
  `[ -d /var/log/libvirt/qemu ] || exit 127; for f in /var/log/libvirt/qemu/*.log; do [ -f "$f" ] || continue; echo "@ \${f##*/}"; tail -n 400 "$f" | grep -aE "^qemu|^kvm:|^[0-9-]+ [0-9:.+]+: (shutting down|terminating|panic)|: (error|warning):|[Ff]ailed to|[Cc]ould not" | grep -av "^-" | tail -n 10; done; :`,
);

/**
 * Complaints of QEMU in libvirt's logs: a bridge helper that fails, a TAP that cannot be opened, why a guest ended.
 *
 * Sample: `@ web-01.log`, `2026-01-05 10:12:00.000+0000: shutting down, reason=crashed`
 */
export const probe = defineProbe({
  id: "qemu-log",
  title: { en: "QEMU's own log", zh: "QEMU 日志" },
  tier: "slow",
  command: "tail /var/log/libvirt/qemu/DOMAIN.log",
  script: `[ -d /var/log/libvirt ] || exit 127
item logs as_root ${read}; case $_s in 77|127) exit "$_s" ;; esac`,
  privilege: "root",
  sudo: [read],
  timeoutMs: 15_000,
  maxBytes: 2_097_152,
  fact: z.array(QemuLog),
  parse: (raw) => {
    const logs: QemuLog[] = [];
    for (const line of logLinesOf(partsOf(raw, ["logs"])("logs"))) {
      const head = /^@ (.*)\.log$/s.exec(line);
      if (head) logs.push({ domain: head[1] ?? "", lines: [] });
      else if (line !== "") {
        const log = logs.at(-1);
        if (!log) throw new ParseError("qemu-log: a line before its domain");
        log.lines.push(line);
      }
    }
    return logs;
  },
  sources: ["https://libvirt.org/kbase/debuglogs.html"],
  examples: [
    {
      name: "a bridge helper without its right",
      stdout: printItem(
        "logs",
        "@ web-01.log\nqemu-system-x86_64: bridge helper failed\n2026-01-05 10:12:00.000+0000: shutting down, reason=failed\n@ web-02.log\n",
      ),
      expect: [
        {
          domain: "web-01",
          lines: [
            "qemu-system-x86_64: bridge helper failed",
            "2026-01-05 10:12:00.000+0000: shutting down, reason=failed",
          ],
        },
        { domain: "web-02", lines: [] },
      ],
    },
  ],
});
