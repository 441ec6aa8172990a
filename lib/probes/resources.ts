import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { endedLines, whole } from "./parts";

const Stall = z.object({
  /** Percent of the last 10, 60, 300 seconds. */
  avg10: z.number(),
  avg60: z.number(),
  avg300: z.number(),
  /** Microseconds since boot. */
  total: z.number(),
});
const Pressure = z.object({ some: Stall.optional(), full: Stall.optional() });

/** Load of the host, and the counters that tell of packets dropped before they reach a bridge. All counters count since boot. */
export const Resources = z.object({
  /** Missing on a kernel without PSI. */
  pressure: z.object({ cpu: Pressure, memory: Pressure, io: Pressure }).optional(),
  load: z.object({ one: z.number(), five: z.number(), fifteen: z.number() }),
  cpus: z.number(),
  /** Sum of all CPUs, in ticks (1/100 s). */
  ticks: z.object({
    user: z.number(),
    nice: z.number(),
    system: z.number(),
    idle: z.number(),
    iowait: z.number(),
    irq: z.number(),
    softirq: z.number(),
    steal: z.number(),
  }),
  /** KiB. */
  memory: z.object({ total: z.number(), available: z.number(), swapTotal: z.number(), swapFree: z.number() }),
  /** Pages. */
  swap: z.object({ in: z.number(), out: z.number() }),
  oomKills: z.number().optional(),
  /** Per CPU: frames taken, frames dropped as the backlog was full, and times that the budget ran out. */
  softnet: z.array(z.object({ cpu: z.number(), processed: z.number(), dropped: z.number(), squeezed: z.number() })),
  /** Missing where nf_conntrack is not loaded. */
  conntrack: z.object({ count: z.number(), max: z.number() }).optional(),
  /** ARP table (IPv4) and NDP table (IPv6): entries, and lookups refused as the table was full. */
  neighbours: z.array(
    z.object({
      family: z.enum(["inet", "inet6"]),
      entries: z.number(),
      tableFulls: z.number().optional(),
      unresolvedDiscards: z.number().optional(),
      failed: z.number(),
      forcedCollections: z.number(),
    }),
  ),
  /** Packets that the reverse path filter dropped; missing where this kernel does not count them. */
  rpFilterDrops: z.number().optional(),
  /** Packets for this host whose TCP or UDP checksum was wrong. */
  badChecksums: z.object({ tcp: z.number(), udp: z.number() }).optional(),
});
export type Resources = z.infer<typeof Resources>;

const files = [
  "/proc/pressure/cpu",
  "/proc/pressure/memory",
  "/proc/pressure/io",
  "/proc/loadavg",
  "/proc/stat",
  "/proc/meminfo",
  "/proc/vmstat",
  "/proc/net/softnet_stat",
  "/proc/net/stat/arp_cache",
  "/proc/net/stat/ndisc_cache",
  "/proc/net/netstat",
  "/proc/net/snmp",
  "/proc/sys/net/netfilter/nf_conntrack_count",
  "/proc/sys/net/netfilter/nf_conntrack_max",
] as const;
type File = (typeof files)[number];
const known = new Set<string>(files);

/** Lines that are wanted: one grep reads all files. Plain numbers are loadavg, softnet_stat, conntrack and the neighbour tables. */
const wanted =
  "^(some |full |cpu|MemTotal:|MemAvailable:|SwapTotal:|SwapFree:|pswpin |pswpout |oom_kill |entries |TcpExt:|Tcp:|Udp:|[0-9a-f]+([ .]|$))";

function stall(line: string): z.output<typeof Stall> {
  const match = /avg10=(\d+\.\d+) avg60=(\d+\.\d+) avg300=(\d+\.\d+) total=(\d+)$/.exec(line);
  if (!match) throw new ParseError("resources: pressure cannot be read");
  return { avg10: Number(match[1]), avg60: Number(match[2]), avg300: Number(match[3]), total: Number(match[4]) };
}

function pressure(lines: readonly string[]): z.output<typeof Pressure> {
  const of = (kind: string) => lines.find((line) => line.startsWith(`${kind} `));
  const [some, full] = [of("some"), of("full")];
  return { some: some === undefined ? undefined : stall(some), full: full === undefined ? undefined : stall(full) };
}

/** `key value` or `Key:   value kB`. */
function number(lines: readonly string[], key: string): number {
  const line = lines.find((entry) => entry.startsWith(`${key} `) || entry.startsWith(`${key}:`));
  return whole(line?.slice(key.length).replace(/^:/, "").replace(/ kB$/, "").trim(), key);
}

/** A header of column names, then one line of hexadecimal numbers a CPU. `entries` is the same on all; the rest adds up. */
function neighbours(family: "inet" | "inet6", lines: readonly string[]): Resources["neighbours"] {
  const [head, ...rows] = lines.map((line) => line.trim().split(/\s+/));
  if (!head || rows.length === 0) return [];
  const column = (name: string): number[] | undefined => {
    const at = head.indexOf(name);
    return at < 0 ? undefined : rows.map((row) => hex(row[at], name));
  };
  const sum = (name: string) => column(name)?.reduce((total, value) => total + value, 0);
  return [
    {
      family,
      entries: column("entries")?.[0] ?? 0,
      tableFulls: sum("table_fulls"),
      unresolvedDiscards: sum("unresolved_discards"),
      failed: sum("res_failed") ?? 0,
      forcedCollections: sum("forced_gc_runs") ?? 0,
    },
  ];
}

function hex(text: string | undefined, field: string): number {
  if (text === undefined || !/^[0-9a-f]{1,16}$/.test(text)) throw new ParseError(`resources: ${field} is no number`);
  return Number.parseInt(text, 16);
}

/** Column 12, where the kernel (5.10 and newer) prints it, is the number of the CPU; those that are offline have no line. */
function softnet(lines: readonly string[]): Resources["softnet"] {
  return lines.map((line, at) => {
    const cells = line.trim().split(/\s+/);
    return {
      cpu: cells[12] === undefined ? at : hex(cells[12], "cpu"),
      processed: hex(cells[0], "processed"),
      dropped: hex(cells[1], "dropped"),
      squeezed: hex(cells[2], "squeezed"),
    };
  });
}

function rpFilterDrops(lines: readonly string[]): number | undefined {
  const [names, values] = lines.filter((line) => line.startsWith("TcpExt:")).map((line) => line.split(" "));
  const at = names?.indexOf("IPReversePathFilter") ?? -1;
  return at < 0 ? undefined : whole(values?.[at], "IPReversePathFilter");
}

/** `Tcp: RtoAlgorithm ... InCsumErrors`, then the values in the same order; undefined before Linux 3.10, which did not count them. */
function badChecksums(lines: readonly string[]): Resources["badChecksums"] {
  const of = (protocol: string): number | undefined => {
    const [names, values] = lines.filter((line) => line.startsWith(`${protocol}:`)).map((line) => line.split(" "));
    const at = names?.indexOf("InCsumErrors") ?? -1;
    return at < 0 ? undefined : whole(values?.[at], `${protocol} InCsumErrors`);
  };
  const [tcp, udp] = [of("Tcp"), of("Udp")];
  return tcp === undefined || udp === undefined ? undefined : { tcp, udp };
}

function ticks(line: string | undefined): Resources["ticks"] {
  const [, ...cells] = line?.split(/\s+/) ?? [];
  const cell = (at: number) => whole(cells[at], "cpu ticks");
  return {
    user: cell(0),
    nice: cell(1),
    system: cell(2),
    idle: cell(3),
    iowait: cell(4),
    irq: cell(5),
    softirq: cell(6),
    steal: cell(7),
  };
}

/** /proc/stat counts every interrupt on one line: some thousands of numbers on a large machine. */
const statMost = 262_144;

function gather(printed: readonly string[]): (file: File) => string[] {
  const found = new Map<string, string[]>();
  for (const line of printed) {
    const colon = line.indexOf(":");
    const file = line.slice(0, colon);
    if (!known.has(file)) throw new ParseError(`resources: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
    const lines = found.get(file);
    if (lines) lines.push(line.slice(colon + 1));
    else found.set(file, [line.slice(colon + 1)]);
  }
  return (file) => found.get(file) ?? [];
}

/**
 * CPU, memory, pressure, softnet, connection table and neighbour table counters, in one grep.
 *
 * Sample (kernel 6.1): `/proc/pressure/cpu:some avg10=10.47 avg60=8.25 avg300=5.44 total=23413767`, `/proc/loadavg:0.52 0.58 0.59 1/189 12345`,
 * `/proc/stat:cpu  100 0 50 1000 10 0 5 0 0 0`, `/proc/net/softnet_stat:000001bc 00000000 00000005 ... 00000000`, `#end`
 */
export const probe = defineProbe({
  id: "resources",
  title: { en: "Load and packet queues", zh: "负载与收包队列" },
  tier: "fast",
  command:
    "cat /proc/pressure/* /proc/loadavg /proc/net/softnet_stat /proc/net/stat/arp_cache /proc/net/netstat /proc/net/snmp",
  script: `grep -sHE '${wanted}' ${files.join(" ")}
echo '#end'`,
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 2_097_152,
  fact: Resources,
  parse: (raw) => {
    const file = gather(endedLines(raw, statMost));
    const memory = file("/proc/meminfo");
    const vmstat = file("/proc/vmstat");
    const stat = file("/proc/stat");
    const load = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /.exec(file("/proc/loadavg")[0] ?? "");
    if (!load) throw new ParseError("resources: loadavg cannot be read");
    const count = file("/proc/sys/net/netfilter/nf_conntrack_count")[0];
    const max = file("/proc/sys/net/netfilter/nf_conntrack_max")[0];
    const cpu = file("/proc/pressure/cpu");
    return {
      pressure:
        cpu.length === 0
          ? undefined
          : {
              cpu: pressure(cpu),
              memory: pressure(file("/proc/pressure/memory")),
              io: pressure(file("/proc/pressure/io")),
            },
      load: { one: Number(load[1]), five: Number(load[2]), fifteen: Number(load[3]) },
      cpus: stat.filter((line) => /^cpu\d+ /.test(line)).length,
      ticks: ticks(stat.find((line) => line.startsWith("cpu "))),
      memory: {
        total: number(memory, "MemTotal"),
        available: number(memory, "MemAvailable"),
        swapTotal: number(memory, "SwapTotal"),
        swapFree: number(memory, "SwapFree"),
      },
      swap: { in: number(vmstat, "pswpin"), out: number(vmstat, "pswpout") },
      oomKills: vmstat.some((line) => line.startsWith("oom_kill ")) ? number(vmstat, "oom_kill") : undefined,
      softnet: softnet(file("/proc/net/softnet_stat")),
      conntrack:
        count === undefined || max === undefined
          ? undefined
          : { count: whole(count, "conntrack count"), max: whole(max, "conntrack max") },
      neighbours: [
        ...neighbours("inet", file("/proc/net/stat/arp_cache")),
        ...neighbours("inet6", file("/proc/net/stat/ndisc_cache")),
      ],
      rpFilterDrops: rpFilterDrops(file("/proc/net/netstat")),
      badChecksums: badChecksums(file("/proc/net/snmp")),
    };
  },
  sources: [
    "https://docs.kernel.org/accounting/psi.html",
    "https://docs.kernel.org/filesystems/proc.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/core/net-procfs.c",
  ],
  examples: [
    {
      name: "two CPUs, no connection tracking",
      stdout: `/proc/pressure/cpu:some avg10=10.47 avg60=8.25 avg300=5.44 total=23413767
/proc/pressure/cpu:full avg10=0.00 avg60=0.00 avg300=0.00 total=0
/proc/pressure/memory:some avg10=0.00 avg60=0.00 avg300=0.00 total=0
/proc/pressure/io:some avg10=0.00 avg60=0.01 avg300=0.00 total=253405
/proc/loadavg:0.52 0.58 0.59 1/189 12345
/proc/stat:cpu  100 1 50 1000 10 2 5 3 0 0
/proc/stat:cpu0 50 1 25 500 5 1 3 2 0 0
/proc/stat:cpu1 50 0 25 500 5 1 2 1 0 0
/proc/meminfo:MemTotal:         718284 kB
/proc/meminfo:MemAvailable:     402188 kB
/proc/meminfo:SwapTotal:             0 kB
/proc/meminfo:SwapFree:              0 kB
/proc/vmstat:pswpin 0
/proc/vmstat:pswpout 7
/proc/vmstat:oom_kill 0
/proc/net/softnet_stat:000001bc 00000000 00000005 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
/proc/net/softnet_stat:00000096 00000002 00000004 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000001
/proc/net/stat/arp_cache:entries  allocs   destroys hash_grows lookups  hits     res_failed rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls
/proc/net/stat/arp_cache:00000004 00000003 00000000 00000000   00000077 0000000e 00000000   00000000         00000000         00000000         00000000       00000000            00000000
/proc/net/stat/arp_cache:00000004 00000001 00000000 00000000   00000005 00000002 00000001   00000000         00000000         00000004         00000000       00000000            00000002
/proc/net/netstat:TcpExt: SyncookiesSent IPReversePathFilter
/proc/net/netstat:TcpExt: 0 5
/proc/net/snmp:Tcp: RtoAlgorithm InSegs InErrs InCsumErrors
/proc/net/snmp:Tcp: 1 2210 3 2
/proc/net/snmp:Udp: InDatagrams InErrors InCsumErrors
/proc/net/snmp:Udp: 812 41 40
#end
`,
      expect: {
        pressure: {
          cpu: {
            some: { avg10: 10.47, avg60: 8.25, avg300: 5.44, total: 23413767 },
            full: { avg10: 0, avg60: 0, avg300: 0, total: 0 },
          },
          memory: { some: { avg10: 0, avg60: 0, avg300: 0, total: 0 } },
          io: { some: { avg10: 0, avg60: 0.01, avg300: 0, total: 253405 } },
        },
        load: { one: 0.52, five: 0.58, fifteen: 0.59 },
        cpus: 2,
        ticks: { user: 100, nice: 1, system: 50, idle: 1000, iowait: 10, irq: 2, softirq: 5, steal: 3 },
        memory: { total: 718284, available: 402188, swapTotal: 0, swapFree: 0 },
        swap: { in: 0, out: 7 },
        oomKills: 0,
        softnet: [
          { cpu: 0, processed: 444, dropped: 0, squeezed: 5 },
          { cpu: 1, processed: 150, dropped: 2, squeezed: 4 },
        ],
        neighbours: [
          { family: "inet", entries: 4, tableFulls: 2, unresolvedDiscards: 0, failed: 1, forcedCollections: 0 },
        ],
        rpFilterDrops: 5,
        badChecksums: { tcp: 2, udp: 40 },
      },
    },
  ],
});
