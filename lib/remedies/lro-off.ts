import type { Remedy } from "./define";
import { guestsBehind, onManagementPath } from "./guests";

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
  plan({ finding, graph, managementAddress }) {
    const nic = graph.node(finding.subject);
    if (!nic) return { refused: `${finding.subject} is no longer there` };
    if (nic.kind !== "nic")
      return { refused: `${nic.name} is no NIC: whoever sends the bad checksums has to be found first` };
    if (nic.attributes.netns !== undefined) return { refused: `${nic.name} lies in another network namespace` };
    if (nic.name.startsWith("-")) return { refused: `${nic.name} looks like an option to ethtool` };
    const guests = guestsBehind(graph, nic.id);
    return {
      steps: [
        {
          says: { en: `Switch LRO off on ${nic.name}`, zh: `关闭 ${nic.name} 的 LRO` },
          change: { kind: "offload", device: nic.name, feature: "lro", to: "off", was: "on" },
        },
      ],
      affects: guests,
      blinks: {
        en: `Some cards restart their link: ${nic.name} may be silent for a few seconds. It lasts until the next boot.`,
        zh: `部分网卡会重启链路：${nic.name} 可能中断几秒。重启后失效。`,
      },
      risk: onManagementPath(graph, nic.id, managementAddress) ? "management" : "low",
      settleMs: 10_000,
      settleBecause: "10 s for the card to come back where it restarts its link",
      probe: guests,
    };
  },
};
