import type { Remedy } from "./define";
import { oneStep, ownNode } from "./subject";

/** Lets the bridge ask for multicast memberships itself. */
export const remedy: Remedy = {
  id: "enable-querier",
  title: { en: "Enable the multicast querier", zh: "启用组播查询者" },
  checks: ["multicast-no-querier"],
  makes: ["bridge-option"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://docs.kernel.org/networking/bridge.html#multicast",
  ],
  plan(context) {
    const bridge = ownNode(context);
    if ("refused" in bridge) return bridge;
    return oneStep({
      says: { en: `${bridge.name} asks for memberships`, zh: `${bridge.name} 开始查询组成员` },
      change: { kind: "bridge-option", device: bridge.name, option: "mcast_querier", to: 1, was: 0 },
    });
  },
};
