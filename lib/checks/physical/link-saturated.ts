import type { GraphEdge, GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";
import { linkNamed } from "../layer2";

/** Full for the whole window, not for a moment: a link that is busy during a backup is used, not broken. Judged per direction; where the speed is not known, not at all. */
export const check = defineCheck({
  id: "link-saturated",
  layer: "physical",
  title: { en: "Link is full", zh: "链路已满" },
  message: {
    en: "{nic} carried {percent} % of its {speed} Mbit/s ({direction}) over {seconds} s (limit {limit} %)",
    zh: "{nic} 在 {seconds} 秒内达到其 {speed} Mbit/s 的 {percent} %（{direction}）（阈值 {limit} %）",
  },
  expected: { en: "Less than {limit} % over {seconds} s", zh: "{seconds} 秒内低于 {limit} %" },
  repair: {
    en: "Find what fills {nic}: virsh domstats --interface twice, and compare (the guests on its bridge). Limit that guest (virsh domiftune), move it, or give the host a faster link or a bond with LACP.",
    zh: "找出占满 {nic} 的来源：执行两次 virsh domstats --interface 并比较（其网桥上的虚拟机）。限制该虚拟机（virsh domiftune）、迁移它，或更换更快的链路或使用 LACP bond。",
  },
  explain: {
    en: "A full link queues, then drops: everything behind it becomes slow at once, and small packets (ARP, DNS, heartbeats) suffer first.",
    zh: "链路占满后先排队再丢包：其后所有业务同时变慢，小包（ARP、DNS、心跳）首先受影响。",
  },
  needs: ["ip-link"],
  optional: ["sysfs-net"],
  subjects: ["nic"],
  settings: {
    percent: {
      title: { en: "Share of the link's speed", zh: "占链路速率的比例" },
      default: 90,
      unit: "%",
      min: 1,
      max: 100,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 120,
      unit: "s",
      min: 10,
      max: 900,
    },
  },
  track: {
    received: { windowMs: 900_000, sample: (nic, view) => bytesOf(nic, view)?.rx.bytes },
    sent: { windowMs: 900_000, sample: (nic, view) => bytesOf(nic, view)?.tx.bytes },
  },
  sources: [
    "https://docs.kernel.org/networking/statistics.html",
    "https://www.libvirt.org/manpages/virsh.html#domiftune",
  ],
  lab: { case: "link-saturated" },
  evaluate(nic, view) {
    view.fact("ip-link");
    const { speed, carrier, netns } = nic.attributes;
    if (netns !== undefined || carrier !== true || typeof speed !== "number") return null;
    const windowMs = view.setting("window") * 1000;
    const sides = (["received", "sent"] as const).flatMap((direction) => {
      const grown = growth(view.samples(direction), view.now, windowMs);
      // What was seen must cover the window: a busy second is nothing.
      if (!grown || grown.ms < windowMs * 0.9) return [];
      return [{ direction, percent: (grown.delta * 8 * 100) / (speed * 1000 * grown.ms), ms: grown.ms }];
    });
    const busiest = sides.sort((a, b) => b.percent - a.percent)[0];
    if (!busiest) return null;
    if (busiest.percent < view.setting("percent")) return pass;
    return {
      status: "warn",
      params: {
        nic: nic.name,
        speed,
        percent: Math.round(busiest.percent),
        direction: { en: busiest.direction, zh: busiest.direction === "sent" ? "发送" : "接收" },
        seconds: Math.round(busiest.ms / 1000),
        limit: view.setting("percent"),
      },
      evidence: [
        {
          command: commandLine(["ip", "-s", "link", "show", "dev", nic.name]),
          excerpt: `${busiest.direction}: ${view.samples(busiest.direction).at(-1)?.value ?? "?"} bytes; speed ${speed} Mbit/s`,
        },
      ],
    };
  },
});

function bytesOf(nic: GraphNode | GraphEdge, view: CheckView<"ip-link">) {
  if ("from" in nic) return undefined;
  const { netns, ifindex } = nic.attributes;
  if (netns !== undefined) return undefined;
  const own = linkNamed(view.fact("ip-link"), nic.name);
  return own?.ifindex === ifindex ? own?.stats64 : undefined;
}
