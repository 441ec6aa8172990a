import type { Remedy } from "./define";
import { gone, refuse } from "./refusals";
import { netnsOf, oneStep } from "./subject";

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
  plan({ finding, graph }) {
    const tap = graph.node(finding.subject);
    if (!tap) return gone(finding.subject);
    const ports = graph.towardsWire(tap.id);
    const now = ports.find((edge) => edge.present && edge.kind === "bridge-port");
    const wanted = ports.find((edge) => !edge.present && edge.kind === "bridge-port");
    const from = now && graph.node(now.from);
    const to = wanted && graph.node(wanted.from);
    if (!from || !to)
      return refuse({
        en: `${tap.name} is not on one Linux bridge while its definition names another: nothing to move`,
        zh: `${tap.name} 并非处于与定义不同的 Linux 网桥上：无需移动`,
      });
    if (from.attributes.netns !== tap.attributes.netns || to.attributes.netns !== tap.attributes.netns)
      return refuse({
        en: `${tap.name}, ${from.name} and ${to.name} do not lie in one network namespace`,
        zh: `${tap.name}、${from.name} 和 ${to.name} 不在同一个网络命名空间`,
      });
    if (to.attributes.vlanFiltering === 1)
      return refuse({
        en: `${to.name} filters VLANs: which one ${tap.name} belongs in must be set by hand as well`,
        zh: `${to.name} 过滤 VLAN：还需手动设置 ${tap.name} 所属的 VLAN`,
      });
    const netns = netnsOf(tap);
    if ("refused" in netns) return netns;
    return oneStep(
      {
        says: {
          en: `Move ${tap.name} from ${from.name} to ${to.name}`,
          zh: `将 ${tap.name} 从 ${from.name} 移到 ${to.name}`,
        },
        change: { kind: "master", device: tap.name, ...netns, to: to.name, was: from.name },
      },
      {
        en: `Only this guest's traffic changes: it leaves ${from.name} and appears on ${to.name}.`,
        zh: `只影响该虚拟机的流量：它离开 ${from.name}，接入 ${to.name}。`,
      },
    );
  },
};
