import { onePlan, ownNode } from "./bridge-plan";
import type { Argv, Remedy } from "./define";

/** Lets the bridge ask for multicast memberships itself. */
export const remedy: Remedy = {
  id: "enable-querier",
  title: { en: "Enable the multicast querier", zh: "启用组播查询者" },
  checks: ["multicast-no-querier"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://docs.kernel.org/networking/bridge.html#multicast",
  ],
  plan(context) {
    const bridge = ownNode(context);
    if ("refused" in bridge) return bridge;
    const set = (value: "0" | "1"): Argv => [
      "ip",
      "link",
      "set",
      "dev",
      bridge.name,
      "type",
      "bridge",
      "mcast_querier",
      value,
    ];
    return onePlan(
      context,
      bridge,
      {
        says: { en: `${bridge.name} asks for memberships`, zh: `${bridge.name} 开始查询组成员` },
        do: set("1"),
        undo: set("0"),
      },
      { ms: 15_000, because: "10 s in which members answer the first query" },
    );
  },
};
