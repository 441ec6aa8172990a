import { type CheckView, defineCheck, pass, unknown } from "../define";
import { growth } from "../growth";
import { recentLinesIfRead } from "../kernel-lines";

/**
 * Guests stall because the host looks for memory. Four signs: tasks wait for reclaim (pressure information, of the minute that the kernel averages), pages come back from swap at a rate, pages go out at a rate while less than a tenth of
 * the memory is available, the kernel has killed somebody.
 * Memory that is merely used is none: page cache fills every healthy host, and swap that holds pages which nobody asks for harms nobody.
 */
export const check = defineCheck({
  id: "host-memory-pressure",
  layer: "host",
  title: { en: "Host is short of memory", zh: "主机内存紧张" },
  message: {
    en: "Tasks wait for memory {stall} % of the time (limit {limit} %), {swapIn} pages/s come back from swap (limit {swapLimit}), {swapOut} go out (limit {swapOutLimit}), killed for memory: {kills}; {available} of {total} MiB available",
    zh: "任务等待内存的时间占 {stall} %（阈值 {limit} %），每秒从交换区换入 {swapIn} 页（阈值 {swapLimit}）、换出 {swapOut} 页（阈值 {swapOutLimit}），因内存被杀死的进程：{kills}；可用 {available} / {total} MiB",
  },
  expected: {
    en: "Stalls below {limit} % of a minute, fewer than {swapLimit} pages/s from swap, nobody killed",
    zh: "一分钟内等待低于 {limit} %，每秒换入少于 {swapLimit} 页，没有进程被杀死",
  },
  repair: {
    en: "See what holds the memory: ps -eo rss,comm --sort=-rss | head. Give the guests less, move one away, or add memory; keep some of it for the host (vm.min_free_kbytes, hugepages sized to the guests).",
    zh: "查看谁占用内存：ps -eo rss,comm --sort=-rss | head。减少虚拟机内存、迁走一台，或增加内存；并为主机保留一部分（vm.min_free_kbytes、按虚拟机规划大页）。",
  },
  explain: {
    en: "When memory runs out the kernel swaps or searches for pages to free, and a process that asks for memory stands still meanwhile: QEMU, vhost, the guest's own CPU. Links look fine, guests answer late or not at all.",
    zh: "内存耗尽时内核会换出或回收页面，请求内存的程序都会停住：QEMU、vhost、虚拟机 CPU。链路看似正常，虚拟机却应答缓慢或不应答。",
  },
  needs: ["resources"],
  optional: ["kernel-log", "clock"],
  subjects: ["host"],
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
    swapOut: {
      title: { en: "Pages that go out to swap while memory is short", zh: "内存不足时每秒换出页数" },
      default: 1_000,
      unit: "pages/s",
      min: 1,
      max: 1_000_000,
    },
    span: {
      title: { en: "Seconds over which swapping is judged", zh: "交换速率的判断秒数" },
      default: 60,
      unit: "s",
      min: 15,
      max: 600,
    },
    least: {
      title: { en: "Shortest time that gives a rate", zh: "可计算速率的最短时间" },
      default: 15,
      unit: "s",
      min: 1,
      max: 600,
      atMost: "span",
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
    swapIn: { windowMs: 600_000, sample: (_subject, view) => view.fact("resources").swap.in },
    swapOut: { windowMs: 600_000, sample: (_subject, view) => view.fact("resources").swap.out },
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
    const rate = (track: "swapIn" | "swapOut"): number => {
      const grown = growth(view.samples(track), view.now, view.setting("span") * 1000);
      return grown && grown.ms >= view.setting("least") * 1000 ? Math.round((grown.delta * 1000) / grown.ms) : 0;
    };
    const [swapIn, swapOut] = [rate("swapIn"), rate("swapOut")];
    // A healthy host moves idle pages out to make room for its cache, which counts as available.
    const squeezedOut = swapOut >= view.setting("swapOut") && memory.available * 10 < memory.total;
    const kills = growth(view.samples("kills"), view.now, view.setting("window") * 60_000)?.delta ?? 0;
    const stall = pressure?.memory.some?.avg60 ?? 0;
    // A container that met its own limit is counted as well: the log tells whose memory it was.
    const killed = kills > 0 && (memory.available * 10 < memory.total || ranOut(view));
    if (stall < view.setting("stall") && swapIn < view.setting("swapIn") && !squeezedOut && !killed)
      return kills === 0 || view.factIfRead("kernel-log") !== undefined ? pass : unknown(unclear);
    const mib = (kib: number) => Math.round(kib / 1024);
    return {
      status: killed ? "fail" : "warn",
      cuts: false,
      params: {
        stall: Math.round(stall),
        limit: view.setting("stall"),
        swapIn,
        swapLimit: view.setting("swapIn"),
        swapOut,
        swapOutLimit: view.setting("swapOut"),
        kills: killed ? kills : 0,
        available: mib(memory.available),
        total: mib(memory.total),
      },
      evidence: [
        {
          command: "cat /proc/pressure/memory; grep -E 'pswpin|pswpout|oom_kill' /proc/vmstat; free -m",
          excerpt: `some avg60=${stall.toFixed(2)}; pswpin ${swapIn} pages/s; pswpout ${swapOut} pages/s; oom_kill +${kills}; available ${mib(memory.available)} of ${mib(memory.total)} MiB`,
        },
      ],
    };
  },
});

const unclear = {
  en: "kernel-log: not read, which tells whether the process that was killed had met its own limit or the host's",
  zh: "kernel-log：未读取，无法得知被杀进程是达到自身限额还是主机内存耗尽",
};

/** The kernel says that it was the host's memory: of a container it says "Memory cgroup out of memory". */
const ranOut = (view: CheckView<"resources">): boolean =>
  recentLinesIfRead(view, view.setting("window")).some(
    (line) => line.kernel && /^Out of memory: Kill(?:ed)? process/.test(line.text),
  );
