import type { Remedy } from "./define";
import { guestsBehind } from "./guests";
import { netnsOf, settleOf } from "./link";

/** Moves a guest's TAP from the Linux bridge that it is on to the one that its definition names. */
export const remedy: Remedy = {
  id: "move-port",
  title: { en: "Move it to its bridge", zh: "移到应在的网桥" },
  checks: ["tap-wrong-bridge"],
  makes: ["master"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://libvirt.org/formatdomain.html#bridge-to-lan",
  ],
  plan({ finding, graph, facts }) {
    const tap = graph.node(finding.subject);
    if (!tap) return { refused: `${finding.subject} is no longer there` };
    const ports = graph.towardsWire(tap.id);
    const now = ports.find((edge) => edge.present && edge.kind === "bridge-port");
    const wanted = ports.find((edge) => !edge.present && edge.kind === "bridge-port");
    const from = now && graph.node(now.from);
    const to = wanted && graph.node(wanted.from);
    if (!from || !to)
      return { refused: `${tap.name} is not on one Linux bridge while its definition names another: nothing to move` };
    if (from.attributes.netns !== tap.attributes.netns || to.attributes.netns !== tap.attributes.netns)
      return { refused: `${tap.name}, ${from.name} and ${to.name} do not lie in one network namespace` };
    if (to.attributes.vlanFiltering === 1)
      return { refused: `${to.name} filters VLANs: which one ${tap.name} belongs in must be set by hand as well` };
    const netns = netnsOf(tap);
    if ("refused" in netns) return netns;
    const guests = guestsBehind(graph, tap.id);
    return {
      steps: [
        {
          says: {
            en: `Move ${tap.name} from ${from.name} to ${to.name}`,
            zh: `将 ${tap.name} 从 ${from.name} 移到 ${to.name}`,
          },
          change: { kind: "master", device: tap.name, ...netns, to: to.name, was: from.name },
        },
      ],
      affects: guests,
      blinks: {
        en: `Only this guest's traffic changes: it leaves ${from.name} and appears on ${to.name}.`,
        zh: `只影响该虚拟机的流量：它离开 ${from.name}，接入 ${to.name}。`,
      },
      risk: "low",
      ...settleOf(to, graph, facts),
      probe: guests,
    };
  },
};
