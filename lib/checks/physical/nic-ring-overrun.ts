import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";
import { countersOf, isMissed, sumOf } from "../nic-counters";

/** The card had frames and no room in its ring. Only where the ring could be larger is there something to set; where it is at its maximum the host is too slow, and that has checks of its own. */
export const check = defineCheck({
  id: "nic-ring-overrun",
  layer: "physical",
  title: { en: "NIC's receive ring overflows", zh: "网卡接收环溢出" },
  message: {
    en: "{nic} missed {missed} frames within {seconds} s (limit {limit}): its receive ring has {ring} of {maximum} entries",
    zh: "{nic} 在 {seconds} 秒内错过 {missed} 个帧（阈值 {limit}）：接收环为 {ring}，最大 {maximum}",
  },
  expected: { en: "Fewer than {limit} missed frames within {seconds} s", zh: "{seconds} 秒内错过的帧少于 {limit} 个" },
  repair: {
    en: "Make the ring larger: ethtool -G {nic} rx {maximum} (the link blinks on most cards), and keep it in the host's network configuration. If frames are still missed, spread the card's interrupts over CPUs (irqbalance, ethtool -L).",
    zh: "加大接收环：ethtool -G {nic} rx {maximum}（多数网卡链路会闪断），并写入主机网络配置。若仍有丢失，将网卡中断分散到多个 CPU（irqbalance、ethtool -L）。",
  },
  explain: {
    en: "The ring holds what has come in until a CPU takes it. It overflows in bursts when it is small: the frames are lost on the card, before any software could count them.",
    zh: "接收环存放已到达、等待 CPU 取走的帧。环太小时突发流量会使其溢出：帧在网卡上丢失，软件无从得知。",
  },
  needs: ["ip-link", "ethtool"],
  subjects: ["nic"],
  settings: {
    missed: {
      title: { en: "Missed frames within the window", zh: "窗口内错过的帧数" },
      default: 100,
      unit: "frames",
      min: 1,
      max: 1_000_000,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 600,
      unit: "s",
      min: 10,
      max: 3_600,
    },
  },
  track: {
    missed: { windowMs: 3_600_000, sample: (nic, view) => sumOf(countersOf(nic, view, isMissed)) },
  },
  sources: [
    "https://docs.kernel.org/networking/statistics.html",
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
  ],
  lab: {
    none: "no virtual NIC counts missed frames, and virtio's ring is at its maximum",
    capture: "e2e/captures/hardware/ethtool-6.1-g-igb.txt",
  },
  evaluate(nic, view) {
    const counters = countersOf(nic, view, isMissed);
    if (!counters || nic.attributes.up !== true) return null;
    const ring = view.factOrAbsent("ethtool")?.find((one) => one.ifname === nic.name)?.ring;
    const now = ring?.current.rx;
    const maximum = ring?.maximum.rx;
    if (now === undefined || maximum === undefined || now >= maximum) return null;
    const grown = growth(view.samples("missed"), view.now, view.setting("window") * 1000);
    if (!grown) return null;
    if (grown.delta < view.setting("missed")) return pass;
    const named = counters.filter(({ value }) => value > 0).slice(0, 5);
    return {
      status: "warn",
      params: {
        nic: nic.name,
        missed: grown.delta,
        seconds: Math.round(grown.ms / 1000),
        limit: view.setting("missed"),
        ring: now,
        maximum,
      },
      evidence: [
        {
          command: commandLine(["ethtool", "-S", nic.name]),
          excerpt: named.map(({ name, value }) => `${name}: ${value}`).join("\n") || `+${grown.delta}`,
        },
        {
          command: commandLine(["ethtool", "-g", nic.name]),
          excerpt: `Pre-set maximums: RX: ${maximum}\nCurrent hardware settings: RX: ${now}`,
        },
      ],
    };
  },
});
