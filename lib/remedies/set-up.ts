import type { Finding } from "../checks/finding";
import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { Remedy } from "./define";
import { gone, onlyRemembered } from "./refusals";
import { netnsOf, oneStep } from "./subject";

/** Sets an interface administratively up that somebody has set down: NIC, bond, VLAN, bridge or TAP. */
export const remedy: Remedy = {
  id: "set-up",
  title: { en: "Set the interface up", zh: "启用接口" },
  checks: ["nic-admin-down", "bridge-down", "tap-down", "vlan-parent-down"],
  makes: ["up"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  plan({ finding, graph }) {
    const node = downOf(finding, graph);
    if (!node) return gone(finding.subject);
    if (node.remembered) return onlyRemembered(node.name);
    const netns = netnsOf(node);
    if ("refused" in netns) return netns;
    return oneStep(
      {
        says: { en: `Set ${node.name} up`, zh: `启用 ${node.name}` },
        change: { kind: "up", device: node.name, ...netns, to: "up", was: "down" },
      },
      {
        en: "Nothing that works now is interrupted: the interface is down.",
        zh: "当前正常的流量不会中断：该接口处于关闭状态。",
      },
    );
  },
};

/** Who is down: the subject, or for a VLAN the parent that the finding names. */
function downOf(finding: Finding, graph: GraphView): GraphNode | undefined {
  const subject = graph.node(finding.subject);
  if (finding.check !== "vlan-parent-down" || subject?.name === finding.params.down) return subject;
  return graph
    .towardsWire(finding.subject)
    .filter((edge) => edge.kind === "vlan-parent")
    .flatMap((edge) => graph.node(edge.from) ?? [])
    .find((parent) => parent.name === finding.params.down);
}
