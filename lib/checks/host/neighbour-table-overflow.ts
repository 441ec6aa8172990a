import { defineCheck, pass } from "../define";
import { growth } from "../growth";
import { asLogged, recentLinesIfRead } from "../kernel-lines";

/**
 * The kernel keeps at most gc_thresh3 neighbours that it has learned, and refuses the next. It counts the refusals; those decide, and where a kernel does not count them, its log. That
 * gc_thresh2 is passed is no fault: the kernel only tidies up sooner. Entries that somebody set (PERMANENT) do not count
 * towards the limit: a host with thousands of them is well.
 */
export const check = defineCheck({
  id: "neighbour-table-overflow",
  layer: "host",
  title: { en: "Neighbour table is full", zh: "邻居表已满" },
  message: {
    en: "{table}: {refused} neighbours refused in {seconds} s; {entries} entries, limit {limit} ({limitKey})",
    zh: "{table}：{seconds} 秒内拒绝了 {refused} 个邻居；表项 {entries} 个，上限 {limit}（{limitKey}）",
  },
  expected: { en: "No neighbour refused, fewer entries than {limit}", zh: "没有邻居被拒绝，表项少于 {limit}" },
  repair: {
    en: "Raise the limits: sysctl -w {limitKey}=N, with gc_thresh2 and gc_thresh1 below it, and write them to /etc/sysctl.d. Then ask why there are so many: a /16 on one segment, a scan.",
    zh: "提高上限：sysctl -w {limitKey}=N，并使 gc_thresh2、gc_thresh1 低于它，写入 /etc/sysctl.d。然后查明原因：单一网段使用 /16，或存在扫描。",
  },
  explain: {
    en: "Each address that the host talks to on a segment takes an entry. In a full table no new neighbour can be asked for: known neighbours are reached, all others are not. It looks as if random guests were dead.",
    zh: "主机在网段上通信的每个地址都占一个表项。表满后无法询问新邻居：已知的可达，其余不可达，看起来像随机的虚拟机失联。",
  },
  needs: ["resources", "sysctl"],
  optional: ["ip-neigh", "kernel-log", "clock"],
  subjects: ["host"],
  settings: {
    window: {
      title: { en: "Seconds for which a refusal is reported", zh: "拒绝事件的报告时长（秒）" },
      default: 60,
      unit: "s",
      min: 10,
      max: 900,
    },
    warn: { title: { en: "Fill that is worth a warning", zh: "告警使用率" }, default: 90, unit: "%", min: 1, max: 100 },
  },
  track: {
    inet: { windowMs: 900_000, sample: (_subject, view) => tableOf(view.fact("resources"), "inet")?.tableFulls },
    inet6: { windowMs: 900_000, sample: (_subject, view) => tableOf(view.fact("resources"), "inet6")?.tableFulls },
  },
  sources: ["https://docs.kernel.org/networking/ip-sysctl.html", "https://man7.org/linux/man-pages/man7/arp.7.html"],
  lab: { case: "neighbour-table-overflow" },
  evaluate(_subject, view) {
    const resources = view.fact("resources");
    const values: Readonly<Record<string, number | undefined>> = view.fact("sysctl").values;
    const seconds = view.setting("window");
    let judged = false;
    for (const family of ["inet", "inet6"] as const) {
      const table = tableOf(resources, family);
      const limitKey = family === "inet" ? "net.ipv4.neigh.default.gc_thresh3" : "net.ipv6.neigh.default.gc_thresh3";
      const limit = values[limitKey];
      if (!table || limit === undefined || limit <= 0) continue;
      judged = true;
      const logged = recentLinesIfRead(view, seconds / 60).filter((line) => tableIn(line.text) === family);
      const refused =
        table.tableFulls === undefined
          ? logged.length
          : (growth(view.samples(family), view.now, seconds * 1000)?.delta ?? 0);
      const set = view
        .factIfRead("ip-neigh")
        ?.filter((entry) => entry.family === family && entry.state.includes("PERMANENT")).length;
      const learned = table.entries - (set ?? 0);
      const crowded = set !== undefined && learned * 100 >= limit * view.setting("warn");
      if (refused === 0 && !crowded) continue;
      const thresholds = [1, 2, 3].map((level) => limitKey.replace(/3$/, String(level)));
      return {
        status: refused > 0 ? "fail" : "warn",
        cuts: false,
        params: {
          table: family === "inet" ? "ARP" : "NDP",
          refused,
          seconds,
          entries: table.entries,
          limit,
          limitKey,
        },
        evidence: [
          {
            command: `cat /proc/net/stat/${family === "inet" ? "arp" : "ndisc"}_cache; sysctl ${thresholds.join(" ")}`,
            excerpt: `entries ${table.entries}, table_fulls ${table.tableFulls ?? "?"} (+${refused}), ${thresholds.map((key) => `${key} = ${values[key] ?? "?"}`).join(", ")}`,
          },
          ...(logged.length > 0
            ? [{ command: "dmesg | grep -i 'table overflow'", excerpt: logged.slice(-3).map(asLogged).join("\n") }]
            : []),
        ],
      };
    }
    return judged ? pass : null;
  },
});

/** The table that a line of the kernel's says is full: "neighbour: arp_cache: neighbor table overflow!", before Linux 3.12 "Neighbour table overflow." (IPv4). */
function tableIn(text: string): "inet" | "inet6" | undefined {
  if (!/neighbou?r table overflow/i.test(text)) return undefined;
  return text.includes("ndisc_cache") ? "inet6" : "inet";
}

interface Tables {
  readonly neighbours: readonly {
    readonly family: "inet" | "inet6";
    readonly entries: number;
    readonly tableFulls?: number | undefined;
  }[];
}

const tableOf = (of: Tables, family: "inet" | "inet6") => of.neighbours.find((table) => table.family === family);
