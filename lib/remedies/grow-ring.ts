import { factIfRead } from "../facts/facts";
import type { Remedy } from "./define";
import { guestsBehind, onManagementPath } from "./guests";

/** Makes the receive ring of a NIC as large as the card allows. Most drivers restart the link for that. */
export const remedy: Remedy = {
  id: "grow-ring",
  title: { en: "Make the receive ring larger", zh: "加大接收环" },
  checks: ["nic-ring-overrun"],
  makes: ["ring"],
  sources: ["https://man7.org/linux/man-pages/man8/ethtool.8.html"],
  plan({ finding, graph, facts, managementAddress }) {
    const nic = graph.node(finding.subject);
    if (!nic) return { refused: `${finding.subject} is no longer there` };
    if (nic.attributes.netns !== undefined) return { refused: `${nic.name} lies in another network namespace` };
    if (nic.name.startsWith("-")) return { refused: `${nic.name} looks like an option to ethtool` };
    const ring = factIfRead(facts, "ethtool")?.find((one) => one.ifname === nic.name)?.ring;
    const now = ring?.current.rx;
    const maximum = ring?.maximum.rx;
    if (now === undefined || maximum === undefined)
      return { refused: `the ring of ${nic.name} could not be read: without its old size there is no way back` };
    if (now >= maximum) return { refused: `the ring of ${nic.name} is at its maximum of ${maximum}` };
    const guests = guestsBehind(graph, nic.id);
    return {
      steps: [
        {
          says: {
            en: `Grow the receive ring of ${nic.name} from ${now} to ${maximum}`,
            zh: `将 ${nic.name} 的接收环从 ${now} 增大到 ${maximum}`,
          },
          change: { kind: "ring", device: nic.name, to: maximum, was: now },
        },
      ],
      affects: guests,
      blinks: {
        en: `${nic.name} loses its link for a few seconds on most cards; a bond fails over. It lasts until the next boot.`,
        zh: `多数网卡上 ${nic.name} 会断链几秒，bond 会切换。重启后失效。`,
      },
      risk: onManagementPath(graph, nic.id, managementAddress) ? "management" : "low",
      settleMs: 15_000,
      settleBecause: "15 s for the card to negotiate its link again",
      probe: guests,
    };
  },
};
