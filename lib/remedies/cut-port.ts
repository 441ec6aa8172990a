import type { Remedy } from "./define";
import { refuse } from "./refusals";
import { oneStep, ownNode } from "./subject";

/** Takes the port by which a bridge's frames come back off the bridge. */
export const remedy: Remedy = {
  id: "cut-port",
  title: { en: "Cut the loop at this port", zh: "在该端口断开环路" },
  checks: ["bridge-loop"],
  makes: ["master"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  plan(context) {
    const bridge = ownNode(context);
    if ("refused" in bridge) return bridge;
    const { graph, finding } = context;
    const port = graph
      .towardsGuest(bridge.id)
      .filter((edge) => edge.kind === "bridge-port" && edge.present)
      .flatMap((edge) => graph.node(edge.to) ?? [])
      .find((node) => node.name === finding.params.port);
    // The loop lies outside: taking the uplink off would cut everybody off.
    if (port?.kind !== "veth")
      return refuse({
        en: `${String(finding.params.port)} is the way to the wire: cut the loop at the switch`,
        zh: `${String(finding.params.port)} 通向物理网络：请在交换机上断开环路`,
      });
    return oneStep(
      {
        says: { en: `Take ${port.name} off ${bridge.name}`, zh: `将 ${port.name} 从 ${bridge.name} 移除` },
        change: { kind: "master", device: port.name, to: null, was: bridge.name },
      },
      {
        en: `What only ${port.name} leads to is cut off from ${bridge.name}.`,
        zh: `只能经 ${port.name} 到达的部分将与 ${bridge.name} 断开。`,
      },
    );
  },
};
