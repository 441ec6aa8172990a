import { onePlan, ownNode } from "./bridge-plan";
import type { Remedy } from "./define";

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
      return { refused: `${String(finding.params.port)} is the way to the wire: cut the loop at the switch` };
    return onePlan(context, port, {
      says: { en: `Take ${port.name} off ${bridge.name}`, zh: `将 ${port.name} 从 ${bridge.name} 移除` },
      change: { kind: "master", device: port.name, to: null, was: bridge.name },
    });
  },
};
