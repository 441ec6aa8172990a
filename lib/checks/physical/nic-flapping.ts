import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";

/** The link was lost again and again. One loss is a cable that was moved, two are a switch that restarted: no flapping. Setting an interface down by hand loses carrier too. */
export const check = defineCheck({
  id: "nic-flapping",
  layer: "physical",
  title: { en: "NIC loses its link again and again", zh: "网卡链路反复抖动" },
  message: {
    en: "{nic} lost its link {times} times within {seconds} s (limit {limit})",
    zh: "{nic} 在 {seconds} 秒内断链 {times} 次（阈值 {limit}）",
  },
  expected: { en: "Fewer than {limit} losses within {seconds} s", zh: "{seconds} 秒内断链少于 {limit} 次" },
  repair: {
    en: "Reseat, then swap the cable and the transceivers of {nic}; look at the log of the switch port (last seen by LLDP: {peer}) for flaps, err-disable or power saving (EEE), and at the host's kernel log for resets of the driver.",
    zh: "重新插拔，然后更换 {nic} 的网线和光模块；查看交换机端口（LLDP 最后看到：{peer}）日志中的抖动、err-disable 或节能（EEE），并查看主机内核日志中的驱动复位。",
  },
  explain: {
    en: "Each loss empties switch tables, moves a bond, and starts spanning tree anew: guests see seconds of silence each time, though the link looks up whenever one checks.",
    zh: "每次断链都会清空交换机表、切换 bond 并重新触发生成树：虚拟机每次会中断数秒，而检查时链路看起来总是正常的。",
  },
  needs: ["ip-link", "sysfs-net"],
  subjects: ["nic", "veth"],
  settings: {
    losses: {
      title: { en: "Losses within the window", zh: "窗口内断链次数" },
      default: 4,
      unit: "times",
      min: 1,
      max: 1_000,
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
    lost: {
      windowMs: 3_600_000,
      sample(nic, view) {
        if ("from" in nic) return undefined;
        const { ifindex, netns, playsNic } = nic.attributes;
        if (netns !== undefined || (nic.kind === "veth" && playsNic !== true)) return undefined;
        const link = view.fact("sysfs-net").find((one) => one.ifindex === ifindex);
        // Kernels before 4.16 only count changes: two a loss.
        return link?.carrier_down_count ?? (link?.carrier_changes === undefined ? undefined : link.carrier_changes / 2);
      },
    },
  },
  sources: [
    "https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-net",
    "https://docs.kernel.org/networking/operstates.html",
  ],
  lab: { case: "nic-flapping" },
  evaluate(nic, view) {
    view.fact("sysfs-net");
    if (nic.kind === "veth" && nic.attributes.playsNic !== true) return null;
    if (nic.attributes.up !== true || nic.attributes.wireless === true) return null;
    const samples = view.samples("lost");
    const grown = growth(samples, view.now, view.setting("window") * 1000);
    if (!grown) return null;
    const times = Math.floor(grown.delta);
    if (times < view.setting("losses")) return pass;
    const cable = view.graph.towardsWire(nic.id).find((edge) => edge.kind === "lldp");
    return {
      status: "warn",
      params: {
        nic: nic.name,
        times,
        seconds: Math.round(grown.ms / 1000),
        limit: view.setting("losses"),
        peer: (cable && view.graph.node(cable.from)?.name) ?? "-",
      },
      evidence: [
        {
          command: commandLine(["cat", `/sys/class/net/${nic.name}/carrier_down_count`]),
          excerpt: `${samples.at(-1)?.value ?? "?"} (+${times})`,
        },
      ],
    };
  },
});
