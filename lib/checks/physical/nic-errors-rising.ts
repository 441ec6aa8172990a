import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";
import { countersOf, isSpoilt, sumOf } from "../nic-counters";

/** Frames arrive spoilt, now: what stands in the counters since last year is history. A few in a window happen when somebody touches the cable. */
export const check = defineCheck({
  id: "nic-errors-rising",
  layer: "physical",
  title: { en: "NIC receives corrupt frames", zh: "网卡持续收到损坏的帧" },
  message: {
    en: "{nic} received {errors} corrupt frames within {seconds} s (limit {limit}): {names}",
    zh: "{nic} 在 {seconds} 秒内收到 {errors} 个损坏的帧（阈值 {limit}）：{names}",
  },
  expected: { en: "Fewer than {limit} corrupt frames within {seconds} s", zh: "{seconds} 秒内损坏的帧少于 {limit} 个" },
  repair: {
    en: "Swap the cable of {nic} first. Then clean and reseat the connectors and transceivers at both ends (switch and port by LLDP: {peer}), then try another switch port, at last another NIC. CRC errors only on this side: the cable or the far end's sender.",
    zh: "首先更换 {nic} 的网线。然后清洁并重新插拔两端的接头和光模块（LLDP 看到的交换机端口：{peer}），再换交换机端口，最后换网卡。只有本端有 CRC 错误：网线或对端发送有问题。",
  },
  explain: {
    en: "A frame whose checksum does not fit is dropped by the card. At one in a thousand TCP falls to a fraction of its speed, and pings still look well. Damaged or oxidised copper, a bent fibre and a dirty connector are the usual reasons.",
    zh: "校验不符的帧会被网卡丢弃。千分之一的错误就会使 TCP 速度大幅下降，而 ping 看起来仍正常。常见原因是网线损坏或氧化、光纤弯折、接头脏污。",
  },
  needs: ["ip-link", "ethtool"],
  subjects: ["nic"],
  settings: {
    errors: {
      title: { en: "Corrupt frames within the window", zh: "窗口内损坏帧数" },
      default: 10,
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
    errors: { windowMs: 3_600_000, sample: (nic, view) => sumOf(countersOf(nic, view, isSpoilt)) },
  },
  sources: [
    "https://docs.kernel.org/networking/statistics.html",
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
  ],
  lab: {
    none: "no virtual NIC has a cable that spoils frames",
    capture: "e2e/captures/hardware/ethtool-6.1-S-igb-crc.txt",
  },
  evaluate(nic, view) {
    const counters = countersOf(nic, view, isSpoilt);
    if (!counters || nic.attributes.up !== true) return null;
    const grown = growth(view.samples("errors"), view.now, view.setting("window") * 1000);
    if (!grown) return null;
    if (grown.delta < view.setting("errors")) return pass;
    const cable = view.graph.towardsWire(nic.id).find((edge) => edge.kind === "lldp");
    const named = counters.filter(({ value }) => value > 0).slice(0, 5);
    return {
      status: "warn",
      params: {
        nic: nic.name,
        errors: grown.delta,
        seconds: Math.round(grown.ms / 1000),
        limit: view.setting("errors"),
        names: named.map(({ name }) => name).join(", "),
        peer: (cable && view.graph.node(cable.from)?.name) ?? "-",
      },
      evidence: [
        {
          command: commandLine(["ethtool", "-S", nic.name]),
          excerpt: named.map(({ name, value }) => `${name}: ${value}`).join("\n") || `+${grown.delta}`,
        },
      ],
    };
  },
});
