import type { FactOf } from "../../probes/registry";
import type { Wording } from "../../wording";
import { defineCheck, pass } from "../define";
import { growth } from "../growth";

/**
 * Frames were lost before any bridge saw them: a CPU's backlog was full. That the budget of a round ran out (time_squeeze) costs only time and happens on every healthy host now and
 * then; it is reported when it happens all the time. The CPU that has dropped most since boot is named, with the least that it dropped of late: its counter grew by no less than the
 * highest of all counters did.
 */
export const check = defineCheck({
  id: "softnet-drops",
  layer: "host",
  title: { en: "Packets dropped before the bridge", zh: "数据包在到达网桥之前被丢弃" },
  message: {
    en: "{dropped} packets dropped from full backlogs in {seconds} s (limit {limit}; {where}), budget exhausted {squeezed} times a second (limit {squeezeLimit})",
    zh: "{seconds} 秒内因 backlog 已满丢弃 {dropped} 个包（阈值 {limit}；{where}），预算耗尽每秒 {squeezed} 次（阈值 {squeezeLimit}）",
  },
  expected: {
    en: "Fewer than {limit} drops in {seconds} s, and the budget exhausted less than {squeezeLimit} times a second",
    zh: "{seconds} 秒内丢弃少于 {limit} 个，预算耗尽每秒少于 {squeezeLimit} 次",
  },
  repair: {
    en: "Let more wait: sysctl -w net.core.netdev_max_backlog=N (now {backlog}). For an exhausted budget: sysctl -w net.core.netdev_budget=N (now {budget}). Then spread the load over CPUs (irqbalance, RSS, RPS).",
    zh: "加大队列：sysctl -w net.core.netdev_max_backlog=N（当前 {backlog}）。若预算耗尽：sysctl -w net.core.netdev_budget=N（当前 {budget}）。并把负载分散到多个 CPU（irqbalance、RSS、RPS）。",
  },
  explain: {
    en: "Each CPU takes frames off the cards in rounds and keeps a queue (backlog) for virtual interfaces. When a queue is full, frames vanish without a trace on any interface: no counter of the NIC or the bridge tells.",
    zh: "每个 CPU 分轮次从网卡取帧，并为虚拟接口保留队列（backlog）。队列满时帧会无声消失：网卡和网桥的计数器都看不到。",
  },
  needs: ["resources"],
  optional: ["sysctl"],
  subjects: ["host"],
  settings: {
    drops: {
      title: { en: "Drops within the window", zh: "窗口内丢包数" },
      default: 10,
      unit: "packets",
      min: 1,
      max: 1_000_000,
    },
    squeezed: {
      title: { en: "Budget exhausted", zh: "预算耗尽频率" },
      default: 200,
      unit: "1/s",
      min: 1,
      max: 1_000_000,
    },
    least: {
      title: { en: "Shortest time that gives a rate", zh: "可计算速率的最短时间" },
      default: 10,
      unit: "s",
      min: 1,
      max: 600,
      atMost: "window",
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 60,
      unit: "s",
      min: 10,
      max: 600,
    },
  },
  track: {
    dropped: {
      windowMs: 600_000,
      sample: (_subject, view) => view.fact("resources").softnet.reduce((sum, cpu) => sum + cpu.dropped, 0),
    },
    worst: {
      windowMs: 600_000,
      sample: (_subject, view) => Math.max(0, ...view.fact("resources").softnet.map((cpu) => cpu.dropped)),
    },
    squeezed: {
      windowMs: 600_000,
      sample: (_subject, view) => view.fact("resources").softnet.reduce((sum, cpu) => sum + cpu.squeezed, 0),
    },
  },
  sources: [
    "https://docs.kernel.org/admin-guide/sysctl/net.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/core/net-procfs.c",
  ],
  lab: { case: "softnet-drops" },
  evaluate(_subject, view) {
    const resources = view.fact("resources");
    const windowMs = view.setting("window") * 1000;
    const dropped = growth(view.samples("dropped"), view.now, windowMs);
    const squeezed = growth(view.samples("squeezed"), view.now, windowMs);
    if (!dropped) return null;
    const rate =
      squeezed && squeezed.ms >= view.setting("least") * 1000 ? Math.round((squeezed.delta * 1000) / squeezed.ms) : 0;
    if (dropped.delta < view.setting("drops") && rate < view.setting("squeezed")) return pass;
    const values = view.factIfRead("sysctl")?.values;
    const worst = growth(view.samples("worst"), view.now, windowMs)?.delta ?? 0;
    return {
      status: "warn",
      params: {
        dropped: dropped.delta,
        seconds: Math.round(dropped.ms / 1000),
        limit: view.setting("drops"),
        where: whereOf(resources.softnet, dropped.delta, worst),
        squeezed: rate,
        squeezeLimit: view.setting("squeezed"),
        backlog: values?.["net.core.netdev_max_backlog"] ?? "?",
        budget: values?.["net.core.netdev_budget"] ?? "?",
        limitKey: dropped.delta >= view.setting("drops") ? "net.core.netdev_max_backlog" : "net.core.netdev_budget",
      },
      evidence: [
        {
          command: "cat /proc/net/softnet_stat",
          excerpt: resources.softnet
            .map((cpu) => `cpu ${cpu.cpu}: processed ${cpu.processed} dropped ${cpu.dropped} squeezed ${cpu.squeezed}`)
            .join("\n"),
        },
      ],
    };
  },
});

/** The CPU of the highest counter, where that grew; else the growth is spread over others. */
function whereOf(softnet: FactOf<"resources">["softnet"], dropped: number, worst: number): Wording {
  const top = softnet.toSorted((a, b) => b.dropped - a.dropped)[0];
  if (dropped === 0) return { en: "none", zh: "无" };
  if (!top || worst === 0) return { en: "on several CPUs", zh: "分布在多个 CPU" };
  return { en: `CPU ${top.cpu}: ${worst} or more`, zh: `CPU ${top.cpu}：${worst} 个以上` };
}
