import type { Remedy } from "./define";
import { guestsBehind } from "./guests";
import { netnsOf, settleOf } from "./link";

/** Puts a guest's TAP back on the bridge that its domain XML names. */
export const remedy: Remedy = {
  id: "enslave",
  title: { en: "Put it back on its bridge", zh: "重新接入网桥" },
  checks: ["tap-not-enslaved"],
  makes: ["master"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://libvirt.org/formatdomain.html#bridge-to-lan",
  ],
  plan({ finding, graph, facts }) {
    const subject = graph.node(finding.subject) ?? graph.node(graph.edge(finding.subject)?.to ?? "");
    if (!subject) return { refused: `${finding.subject} is no longer there` };
    const expected = graph.towardsWire(subject.id).filter((edge) => edge.kind === "bridge-port");
    if (expected.some((edge) => edge.present)) return { refused: `${subject.name} is on a bridge already` };
    const bridges = expected.map((edge) => graph.node(edge.from)).filter((node) => node !== undefined);
    const [bridge, ...more] = bridges;
    if (!bridge) return { refused: `the bridge on which ${subject.name} belongs is not known or not there` };
    if (more.length > 0)
      return { refused: `${subject.name} belongs on more than one bridge: ${bridges.map((b) => b.name).join(", ")}` };
    if (bridge.attributes.netns !== subject.attributes.netns) {
      return { refused: `${subject.name} and ${bridge.name} lie in different network namespaces` };
    }
    const netns = netnsOf(subject);
    if ("refused" in netns) return netns;
    return {
      steps: [
        {
          says: { en: `Enslave ${subject.name} to ${bridge.name}`, zh: `将 ${subject.name} 接入 ${bridge.name}` },
          change: { kind: "master", device: subject.name, ...netns, to: bridge.name, was: null },
        },
      ],
      affects: guestsBehind(graph, subject.id),
      blinks: {
        en: `Only this guest's traffic changes. ${bridge.name} may take a moment to learn its MAC.`,
        zh: `只影响该虚拟机的流量。${bridge.name} 需要片刻学习其 MAC 地址。`,
      },
      risk: "low",
      ...settleOf(bridge, graph, facts),
      probe: guestsBehind(graph, subject.id),
    };
  },
};
