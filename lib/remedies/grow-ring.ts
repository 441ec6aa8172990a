import { factIfRead } from "../facts/facts";
import type { Remedy } from "./define";
import { elsewhere, gone, likeAnOption, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Makes the receive ring of a NIC as large as the card allows. Most drivers restart the link for that. */
export const remedy: Remedy = {
  id: "grow-ring",
  title: { en: "Make the receive ring larger", zh: "加大接收环" },
  checks: ["nic-ring-overrun"],
  makes: ["ring"],
  sources: ["https://man7.org/linux/man-pages/man8/ethtool.8.html"],
  plan({ finding, graph, facts }) {
    const nic = graph.node(finding.subject);
    if (!nic) return gone(finding.subject);
    const { name } = nic;
    if (nic.attributes.netns !== undefined) return elsewhere(name);
    if (name.startsWith("-")) return likeAnOption(name);
    const ring = factIfRead(facts, "ethtool")?.find((one) => one.ifname === name)?.ring;
    const now = ring?.current.rx;
    const maximum = ring?.maximum.rx;
    if (now === undefined || maximum === undefined)
      return refuse({
        en: `the ring of ${name} could not be read: without its old size there is no way back`,
        zh: `无法读取 ${name} 的接收环：没有原大小就无法撤销`,
      });
    if (now >= maximum)
      return refuse({
        en: `the ring of ${name} is at its maximum of ${maximum}`,
        zh: `${name} 的接收环已达上限 ${maximum}`,
      });
    return oneStep(
      {
        says: {
          en: `Grow the receive ring of ${name} from ${now} to ${maximum}`,
          zh: `将 ${name} 的接收环从 ${now} 增大到 ${maximum}`,
        },
        change: { kind: "ring", device: name, to: maximum, was: now },
      },
      {
        en: `${name} loses its link for a few seconds on most cards; a bond fails over. It lasts until the next boot.`,
        zh: `多数网卡上 ${name} 会断链几秒，bond 会切换。重启后失效。`,
      },
    );
  },
};
