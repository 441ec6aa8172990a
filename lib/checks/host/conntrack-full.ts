import { defineCheck, pass } from "../define";
import { recentLinesIfRead } from "../kernel-lines";

/**
 * The table of connections is full: each packet of a new connection is dropped. Judged by the fill, and by the kernel's own complaint where that is fresh: a table that filled between
 * two readings is seen by it.
 */
export const check = defineCheck({
  id: "conntrack-full",
  layer: "host",
  title: { en: "Connection table is full", zh: "连接跟踪表已满" },
  message: {
    en: "{count} of {max} connections tracked ({percent} %); dropped for lack of room lately: {dropped}",
    zh: "已跟踪 {count} / {max} 个连接（{percent} %）；近期因表满而丢包：{dropped}",
  },
  expected: { en: "Less than {limit} % of {max} in use", zh: "使用率低于 {max} 的 {limit} %" },
  repair: {
    en: "Raise the maximum: sysctl -w net.netfilter.nf_conntrack_max=N (now {max}), and find what opens so many: conntrack -L | awk '{print $4}' | sort | uniq -c | sort -rn | head.",
    zh: "提高上限：sysctl -w net.netfilter.nf_conntrack_max=N（当前 {max}），并查出谁打开了这么多连接：conntrack -L | awk '{print $4}' | sort | uniq -c | sort -rn | head。",
  },
  explain: {
    en: "NAT and stateful rules remember each connection. When the table is full, connections that exist go on and new ones fail, by chance: some pages load, others do not.",
    zh: "NAT 和有状态规则会记住每个连接。表满后已有连接正常，新连接随机失败：有的页面能打开，有的打不开。",
  },
  needs: ["resources"],
  optional: ["kernel-log", "clock"],
  subjects: ["host"],
  settings: {
    full: {
      title: { en: "Fill that counts as full", zh: "视为已满的使用率" },
      default: 95,
      unit: "%",
      min: 1,
      max: 100,
    },
    warn: {
      title: { en: "Fill that is worth a warning", zh: "告警使用率" },
      default: 80,
      unit: "%",
      min: 1,
      max: 100,
      atMost: "full",
    },
    window: {
      title: { en: "Minutes for which a drop is reported", zh: "丢包的报告时长（分钟）" },
      default: 2,
      unit: "min",
      min: 1,
      max: 1_440,
    },
  },
  sources: ["https://docs.kernel.org/networking/nf_conntrack-sysctl.html"],
  lab: { case: "conntrack-full" },
  evaluate(_subject, view) {
    const table = view.fact("resources").conntrack;
    if (!table || table.max <= 0) return null;
    const percent = Math.floor((100 * table.count) / table.max);
    const full = percent >= view.setting("full");
    // The log needs root on many hosts: where it may not be read, the fill decides alone.
    const dropped = recentLinesIfRead(view, view.setting("window")).filter((line) =>
      line.text.includes("nf_conntrack: table full"),
    ).length;
    if (!full && dropped === 0 && percent < view.setting("warn")) return pass;
    return {
      status: full || dropped > 0 ? "fail" : "warn",
      cuts: false,
      params: {
        count: table.count,
        max: table.max,
        percent,
        dropped,
        limit: view.setting("warn"),
        limitKey: "net.netfilter.nf_conntrack_max",
      },
      evidence: [
        {
          command:
            "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; dmesg | grep 'nf_conntrack: table full'",
          excerpt: `net.netfilter.nf_conntrack_count = ${table.count}\nnet.netfilter.nf_conntrack_max = ${table.max}\n${dropped} lines "table full"`,
        },
      ],
    };
  },
});
