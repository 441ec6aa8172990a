import { type CheckView, defineCheck, pass, type Verdict } from "../define";
import { growth } from "../growth";

type View = CheckView<"resources">;

/**
 * The CPUs had no idle time for a whole window while tasks waited for them. A busy host is not a saturated one: both signs are asked for, idle time from the ticks and waiting
 * from the pressure information (load average where the kernel has none). Time stolen by the hypervisor above counts by itself.
 */
export const check = defineCheck({
  id: "host-cpu-saturated",
  layer: "host",
  title: { en: "Host's CPUs are saturated", zh: "主机 CPU 饱和" },
  message: {
    en: "CPUs {busy} % busy over {seconds} s, tasks waiting {waiting} % of the time; softirq {softirq} %, stolen {steal} % (limits: {limit} % busy, {stealLimit} % stolen)",
    zh: "{seconds} 秒内 CPU 忙碌 {busy} %，任务等待时间占 {waiting} %；软中断 {softirq} %，被窃取 {steal} %（阈值：忙碌 {limit} %，窃取 {stealLimit} %）",
  },
  expected: {
    en: "Some idle time within {seconds} s: less than {limit} % busy and less than {stealLimit} % stolen",
    zh: "{seconds} 秒内有空闲：忙碌低于 {limit} %，被窃取低于 {stealLimit} %",
  },
  repair: {
    en: "See what takes the CPUs: top -H, then the guest or process behind it. Move guests away or give them fewer virtual CPUs. A high softirq share is packets: spread them over CPUs (irqbalance, RSS). Stolen time is the hypervisor above this host.",
    zh: "查看谁占用了 CPU：top -H，并定位对应的虚拟机或进程。迁走部分虚拟机或减少虚拟 CPU。软中断占比高说明是收包：分散到多个 CPU（irqbalance、RSS）。被窃取的时间来自上层虚拟化平台。",
  },
  explain: {
    en: "vhost threads and QEMU share the host's CPUs with everything else. When none is free, frames wait in queues, latency jumps and guests seem to stop though every link is up.",
    zh: "vhost 线程和 QEMU 与其他程序共用主机 CPU。没有空闲时，帧在队列中等待，延迟突增，虽然所有链路正常，虚拟机却像卡死一样。",
  },
  needs: ["resources"],
  subjects: ["host"],
  settings: {
    busy: {
      title: { en: "Busy share that counts as saturated", zh: "视为饱和的忙碌占比" },
      default: 95,
      unit: "%",
      min: 1,
      max: 100,
    },
    waiting: {
      title: { en: "Share of time in which some task waits for a CPU", zh: "有任务等待 CPU 的时间占比" },
      default: 50,
      unit: "%",
      min: 1,
      max: 100,
    },
    steal: { title: { en: "Stolen share", zh: "被窃取时间占比" }, default: 20, unit: "%", min: 1, max: 100 },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 30,
      unit: "s",
      min: 5,
      max: 120,
    },
  },
  track: {
    total: { windowMs: 120_000, sample: (_subject, view) => ticksOf(view).total },
    idle: { windowMs: 120_000, sample: (_subject, view) => ticksOf(view).idle },
    softirq: { windowMs: 120_000, sample: (_subject, view) => view.fact("resources").ticks.softirq },
    steal: { windowMs: 120_000, sample: (_subject, view) => view.fact("resources").ticks.steal },
  },
  sources: ["https://docs.kernel.org/accounting/psi.html", "https://docs.kernel.org/filesystems/proc.html"],
  lab: { case: "host-cpu-saturated" },
  evaluate(_subject, view): Verdict {
    const { pressure, load, cpus } = view.fact("resources");
    const windowMs = view.setting("window") * 1000;
    const total = growth(view.samples("total"), view.now, windowMs);
    if (!total || total.ms < windowMs || total.delta <= 0) return null;
    const share = (track: "idle" | "softirq" | "steal") =>
      Math.round((100 * (growth(view.samples(track), view.now, windowMs)?.delta ?? 0)) / total.delta);
    const busy = 100 - share("idle");
    const steal = share("steal");
    // Without pressure information: more than twice as many runnable tasks as CPUs.
    const waiting = pressure?.cpu.some?.avg10 ?? (load.one > 2 * Math.max(cpus, 1) ? 100 : 0);
    const saturated = busy >= view.setting("busy") && waiting >= view.setting("waiting");
    if (!saturated && steal < view.setting("steal")) return pass;
    return {
      status: "warn",
      params: {
        busy,
        waiting: Math.round(waiting),
        softirq: share("softirq"),
        steal,
        seconds: Math.round(total.ms / 1000),
        limit: view.setting("busy"),
        stealLimit: view.setting("steal"),
      },
      evidence: [
        {
          command: "cat /proc/pressure/cpu; grep '^cpu ' /proc/stat; cat /proc/loadavg",
          excerpt: `some avg10=${waiting.toFixed(2)}; load ${load.one} ${load.five} ${load.fifteen} on ${cpus} CPUs; idle ${share("idle")} % of ${total.delta} ticks`,
        },
      ],
    };
  },
});

function ticksOf(view: View): { total: number; idle: number } {
  const { ticks } = view.fact("resources");
  const total = Object.values(ticks).reduce((sum, value) => sum + value, 0);
  return { total, idle: ticks.idle + ticks.iowait };
}
