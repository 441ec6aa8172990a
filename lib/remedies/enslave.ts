import type { Remedy } from "./define";
import { gone, refuse } from "./refusals";
import { netnsOf, oneStep } from "./subject";

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
  plan({ finding, graph }) {
    const subject = graph.node(finding.subject) ?? graph.node(graph.edge(finding.subject)?.to ?? "");
    if (!subject) return gone(finding.subject);
    const { name } = subject;
    const expected = graph.towardsWire(subject.id).filter((edge) => edge.kind === "bridge-port");
    if (expected.some((edge) => edge.present))
      return refuse({ en: `${name} is on a bridge already`, zh: `${name} 已在网桥上` });
    const bridges = expected.map((edge) => graph.node(edge.from)).filter((node) => node !== undefined);
    const [bridge, ...more] = bridges;
    if (!bridge)
      return refuse({
        en: `the bridge on which ${name} belongs is not known or not there`,
        zh: `${name} 应在的网桥未知或不存在`,
      });
    if (more.length > 0)
      return refuse({
        en: `${name} belongs on more than one bridge: ${bridges.map((b) => b.name).join(", ")}`,
        zh: `${name} 应属于多个网桥：${bridges.map((b) => b.name).join("、")}`,
      });
    if (bridge.attributes.netns !== subject.attributes.netns)
      return refuse({
        en: `${name} and ${bridge.name} lie in different network namespaces`,
        zh: `${name} 和 ${bridge.name} 位于不同的网络命名空间`,
      });
    const netns = netnsOf(subject);
    if ("refused" in netns) return netns;
    return oneStep(
      {
        says: { en: `Enslave ${name} to ${bridge.name}`, zh: `将 ${name} 接入 ${bridge.name}` },
        change: { kind: "master", device: name, ...netns, to: bridge.name, was: null },
      },
      {
        en: `Only this guest's traffic changes. ${bridge.name} may take a moment to learn its MAC.`,
        zh: `只影响该虚拟机的流量。${bridge.name} 需要片刻学习其 MAC 地址。`,
      },
    );
  },
};
