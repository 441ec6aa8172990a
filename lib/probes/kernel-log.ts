import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { type Item, parseItems, printItem } from "./items";
import { parseJson } from "./json";
import { linesOf, logLinesOf } from "./parts";

/** One line of the kernel's log. `text` may hold anything: guests' names, neighbours' addresses, whatever a program wrote to /dev/kmsg. */
export const KernelLine = z.object({
  /** 0 emergency ... 7 debug. */
  level: z.number(),
  /** False for what a program wrote into the log. */
  kernel: z.boolean(),
  /** Seconds since boot; missing where the kernel prints no times. */
  time: z.number().optional(),
  text: z.string(),
});
export type KernelLine = z.infer<typeof KernelLine>;

/** `<6>[   12.345678][  T1] text`. A line without its head goes on with the one before; the first of a tail may be one, and is dropped. */
function fromDmesg(lines: readonly string[]): KernelLine[] {
  const found: KernelLine[] = [];
  for (const line of lines) {
    const head = /^<(\d{1,3})>(?:\[ *(\d+\.\d+)\](?:\[ *[TC]\d+\])? ?)?(.*)$/s.exec(line);
    const before = found.at(-1);
    if (head) {
      const priority = Number(head[1]);
      found.push({
        level: priority & 7,
        kernel: priority >> 3 === 0,
        time: head[2] === undefined ? undefined : Number(head[2]),
        text: head[3] ?? "",
      });
    } else if (before) before.text += `\n${line}`;
  }
  return found;
}

const Entry = z.object({
  PRIORITY: z.string().optional(),
  SYSLOG_FACILITY: z.string().optional(),
  _SOURCE_MONOTONIC_TIMESTAMP: z.string().optional(),
  /** Bytes where it is not UTF-8, null where it is too long. */
  MESSAGE: z.union([z.string(), z.array(z.number()), z.null()]).optional(),
});

/** One JSON object a line. */
function fromJournal(lines: readonly string[]): KernelLine[] {
  return lines
    .filter((line) => line.startsWith("{"))
    .map((line) => {
      let value: unknown;
      try {
        value = parseJson(line);
      } catch (error) {
        throw new ParseError(`journal: ${error instanceof Error ? error.message : String(error)}`);
      }
      const read = Entry.safeParse(value);
      if (!read.success) throw new ParseError("journal: unexpected entry");
      const { MESSAGE: message, PRIORITY: priority, _SOURCE_MONOTONIC_TIMESTAMP: time } = read.data;
      return {
        level: Number(priority ?? 6) & 7,
        kernel: (read.data.SYSLOG_FACILITY ?? "0") === "0",
        time: time === undefined || !/^\d{1,15}$/.test(time) ? undefined : Number(time) / 1e6,
        text: Array.isArray(message)
          ? String.fromCharCode(...message.slice(0, 4096).map((byte) => byte & 0xff))
          : (message ?? ""),
      };
    });
}

/** journalctl writes a message that is no UTF-8 as a list of its bytes, up to five characters each; the kernel cuts a record at 8 kB. */
const journalMost = 65_536;

const readers = new Map<string, (item: Item) => KernelLine[]>([
  ["dmesg", (item) => fromDmesg(logLinesOf(item))],
  ["journal", (item) => fromJournal(linesOf(item, journalMost))],
]);
const ring = "dmesg -r";

/**
 * The last 800 lines of the kernel's log. Many hosts show them to root or to the journal's readers only.
 *
 * Sample (util-linux 2.38), item `dmesg`: `<6>[   36.118742] br0: port 2(vnet0) entered forwarding state`
 */
export const probe = defineProbe({
  id: "kernel-log",
  title: { en: "Kernel log", zh: "内核日志" },
  tier: "slow",
  // The log is read as a whole, and what matters in it comes in bursts.
  rereadOn: { "kernel-log:line": 3_000 },
  command: "dmesg",
  script: `need dmesg
last() { printf '%s\\n' "$o" | tail -n 800; }
if o=$(try_root ${ring} 2>/dev/null </dev/null); then item dmesg last; exit 0; fi
command -v journalctl >/dev/null 2>&1 || exit 77
o=$(journalctl -q -k -b -n 800 -o json --output-fields=PRIORITY,SYSLOG_FACILITY,MESSAGE,_SOURCE_MONOTONIC_TIMESTAMP 2>/dev/null </dev/null) && [ -n "$o" ] || exit 77
item journal last`,
  privilege: "root",
  sudo: [ring],
  timeoutMs: 10_000,
  maxBytes: 4_194_304,
  fact: z.array(KernelLine),
  parse: (raw) => {
    const [item, ...more]: Item[] = parseItems(raw.stdout);
    const reader = readers.get(item?.name ?? "");
    if (!item || !reader || more.length > 0 || item.exit !== 0) throw new ParseError("kernel log: no part to read");
    return reader(item);
  },
  sources: [
    "https://docs.kernel.org/admin-guide/dynamic-debug-howto.html",
    "https://man7.org/linux/man-pages/man1/dmesg.1.html",
  ],
  examples: [
    {
      name: "ring buffer",
      stdout: printItem(
        "dmesg",
        "tail of a line that was cut\n<6>[   36.118742] br0: port 2(vnet0) entered forwarding state\n<4>[  101.000001][   T12] br0: received packet on bond0 with own address as source address (addr:52:54:00:4c:00:10, vlan:0)\n<14>[  120.5] a program: <b>hello</b>\n",
      ),
      expect: [
        { level: 6, kernel: true, time: 36.118742, text: "br0: port 2(vnet0) entered forwarding state" },
        {
          level: 4,
          kernel: true,
          time: 101.000001,
          text: "br0: received packet on bond0 with own address as source address (addr:52:54:00:4c:00:10, vlan:0)",
        },
        { level: 6, kernel: false, time: 120.5, text: "a program: <b>hello</b>" },
      ],
    },
    {
      name: "journal",
      stdout: printItem(
        "journal",
        '{"MESSAGE":"bond0: (slave nic0): link status definitely down, disabling slave","PRIORITY":"6","SYSLOG_FACILITY":"0","_SOURCE_MONOTONIC_TIMESTAMP":"231000500"}\n{"MESSAGE":[104,255],"PRIORITY":"4","SYSLOG_FACILITY":"0"}\n',
      ),
      expect: [
        {
          level: 6,
          kernel: true,
          time: 231.0005,
          text: "bond0: (slave nic0): link status definitely down, disabling slave",
        },
        { level: 4, kernel: true, text: "hÿ" },
      ],
    },
  ],
});
