import type { Remedy } from "./define";
import { elsewhere, gone, likeAnOption, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Switches LRO off on a NIC that carries a bridge. */
export const remedy: Remedy = {
  id: "lro-off",
  title: { en: "Switch LRO off", zh: "关闭 LRO" },
  checks: ["offload-trouble"],
  makes: ["offload"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
    "https://docs.kernel.org/networking/netdev-features.html",
  ],
  plan({ finding, graph }) {
    const nic = graph.node(finding.subject);
    if (!nic) return gone(finding.subject);
    const { name } = nic;
    if (nic.kind !== "nic")
      return refuse({
        en: `${name} is no NIC: find the machine that sends the bad checksums first`,
        zh: `${name} 不是物理网卡：需要先找到发送错误校验和的一方`,
      });
    if (nic.attributes.netns !== undefined) return elsewhere(name);
    if (name.startsWith("-")) return likeAnOption(name);
    return oneStep(
      {
        says: { en: `Switch LRO off on ${name}`, zh: `关闭 ${name} 的 LRO` },
        change: { kind: "offload", device: name, feature: "lro", to: "off", was: "on" },
      },
      {
        en: `Some cards restart their link: ${name} may be silent for a few seconds. It lasts until the next boot.`,
        zh: `部分网卡会重启链路：${name} 可能中断几秒。重启后失效。`,
      },
    );
  },
};
