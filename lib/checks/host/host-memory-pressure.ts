import { defineCheck, pass, type Sample } from "../define";
import { growth } from "../growth";
import { withHost } from "../host-examples";
import { edit, plainHost, unread } from "../testing";

/**
 * Guests stall because the host looks for memory. Three signs: tasks wait for reclaim (pressure information), pages come back from swap at a rate, the kernel has killed somebody.
 * Memory that is merely used is none: page cache fills every healthy host, and swap that holds pages which nobody asks for harms nobody.
 */
export const check = defineCheck({
  id: "host-memory-pressure",
  layer: "host",
  title: { en: "Host is short of memory", zh: "主机内存紧张" },
  message: {
    en: "Tasks wait for memory {stall} % of the time (limit {limit} %), {swapIn} pages/s come back from swap (limit {swapLimit}), killed for memory: {kills}; {available} of {total} MiB available",
    zh: "任务等待内存的时间占 {stall} %（阈值 {limit} %），每秒从交换区换入 {swapIn} 页（阈值 {swapLimit}），因内存被杀死的进程：{kills}；可用 {available} / {total} MiB",
  },
  expected: {
    en: "Stalls below {limit} % of a minute, fewer than {swapLimit} pages/s from swap, nobody killed",
    zh: "一分钟内等待低于 {limit} %，每秒换入少于 {swapLimit} 页，没有进程被杀死",
  },
  repair: {
    en: "See who holds the memory: ps -eo rss,comm --sort=-rss | head. Give the guests less, move one away, or add memory; keep some of it for the host (vm.min_free_kbytes, hugepages sized to the guests).",
    zh: "查看谁占用内存：ps -eo rss,comm --sort=-rss | head。减少虚拟机内存、迁走一台，或增加内存；并为主机保留一部分（vm.min_free_kbytes、按虚拟机规划大页）。",
  },
  explain: {
    en: "When memory runs out the kernel swaps or searches for pages to free, and whoever asks for memory stands still meanwhile: QEMU, vhost, the guest's own CPU. Links look well, guests answer late or not at all.",
    zh: "内存耗尽时内核会换出或回收页面，请求内存的程序都会停住：QEMU、vhost、虚拟机 CPU。链路看似正常，虚拟机却应答缓慢或不应答。",
  },
  needs: ["resources"],
  subjects: ["host"],
  reach: "host",
  settings: {
    stall: {
      title: { en: "Share of a minute spent waiting for memory", zh: "一分钟内等待内存的占比" },
      default: 10,
      unit: "%",
      min: 1,
      max: 100,
    },
    swapIn: {
      title: { en: "Pages that come back from swap", zh: "每秒换入页数" },
      default: 250,
      unit: "pages/s",
      min: 1,
      max: 1_000_000,
    },
    window: {
      title: { en: "Minutes for which a killed process is reported", zh: "被杀进程的报告时长（分钟）" },
      default: 60,
      unit: "min",
      min: 1,
      max: 60,
    },
  },
  track: {
    swapIn: { windowMs: 120_000, sample: (_subject, view) => view.fact("resources").swap.in },
    kills: { windowMs: 3_600_000, sample: (_subject, view) => view.fact("resources").oomKills },
  },
  sources: [
    "https://docs.kernel.org/accounting/psi.html",
    "https://docs.kernel.org/admin-guide/sysctl/vm.html",
    "https://docs.kernel.org/admin-guide/mm/concepts.html",
  ],
  lab: { case: "host-memory-pressure" },
  evaluate(_subject, view) {
    const { pressure, memory } = view.fact("resources");
    const swap = growth(view.samples("swapIn"), view.now, 60_000);
    const swapIn = swap && swap.ms >= 15_000 ? Math.round((swap.delta * 1000) / swap.ms) : 0;
    const kills = growth(view.samples("kills"), view.now, view.setting("window") * 60_000)?.delta ?? 0;
    const stall = pressure?.memory.some?.avg60 ?? 0;
    if (stall < view.setting("stall") && swapIn < view.setting("swapIn") && kills === 0) return pass;
    const mib = (kib: number) => Math.round(kib / 1024);
    return {
      status: kills > 0 ? "fail" : "warn",
      cuts: false,
      params: {
        stall: Math.round(stall),
        limit: view.setting("stall"),
        swapIn,
        swapLimit: view.setting("swapIn"),
        kills,
        available: mib(memory.available),
        total: mib(memory.total),
      },
      evidence: [
        {
          command: "cat /proc/pressure/memory; grep -E 'pswpin|pswpout|oom_kill' /proc/vmstat; free -m",
          excerpt: `some avg60=${stall.toFixed(2)}; pswpin ${swapIn} pages/s; oom_kill +${kills}; available ${mib(memory.available)} of ${mib(memory.total)} MiB`,
        },
      ],
    };
  },
  examples: {
    bad: [
      { name: "tasks wait for reclaim", expect: "warn", facts: stalled(34), subject: "host/self" },
      {
        name: "pages come back from swap",
        expect: "warn",
        facts: stalled(2),
        subject: "host/self",
        samples: { swapIn: row(0, 40_000) },
      },
      {
        name: "the kernel killed a process",
        expect: "fail",
        facts: stalled(0),
        subject: "host/self",
        samples: { kills: row(0, 1) },
      },
    ],
    good: [
      { name: "plenty", expect: "pass", facts: withHost(plainHost()), subject: "host/self" },
      {
        name: "memory full of page cache, swap holds idle pages",
        expect: "pass",
        facts: edit(withHost(plainHost()), "resources", (all) => ({
          ...all,
          memory: { total: 2_000_000, available: 300_000, swapTotal: 1_000_000, swapFree: 10_000 },
          swap: { in: 900_000, out: 900_000 },
        })),
        subject: "host/self",
        samples: { swapIn: row(900_000, 900_100), kills: row(3, 3) },
      },
      {
        name: "killed before we ever looked",
        expect: "pass",
        facts: edit(withHost(plainHost()), "resources", (all) => ({ ...all, oomKills: 7 })),
        subject: "host/self",
        samples: { kills: [{ at: 1_000_000, value: 7 }] },
      },
      {
        name: "a kernel without pressure information",
        expect: "pass",
        facts: edit(withHost(plainHost()), "resources", (all) => ({ ...all, pressure: undefined })),
        subject: "host/self",
      },
    ],
    unknown: [
      { name: "not read", expect: "unknown", facts: unread(withHost(plainHost()), "resources"), subject: "host/self" },
    ],
  },
});

function row(from: number, to: number): Sample[] {
  return [
    { at: 960_000, value: from },
    { at: 1_000_000, value: to },
  ];
}

function stalled(percent: number) {
  return edit(withHost(plainHost()), "resources", (all) => ({
    ...all,
    pressure: {
      cpu: {},
      memory: { some: { avg10: percent, avg60: percent, avg300: percent, total: 1 } },
      io: {},
    },
  }));
}
