import type { Remedy } from "./define";
import { guestsBehind } from "./guests";
import { insertRule, noInsert, plainName } from "./rules";

/** Lets what guests of a routed or NAT network send pass FORWARD, and the answers to it. */
export const remedy: Remedy = {
  id: "forward-allow",
  title: { en: "Let the network pass FORWARD", zh: "在 FORWARD 中放行该网络" },
  checks: ["firewall-drops-path"],
  makes: ["rule"],
  sources: ["https://man7.org/linux/man-pages/man8/iptables.8.html"],
  plan({ finding, graph }) {
    const bridge = graph.node(finding.subject);
    if (bridge?.kind !== "bridge")
      return { refused: "one guest is singled out by somebody's rule: take that rule out, as the guide says" };
    if (!plainName(bridge.name)) return { refused: `iptables cannot name ${bridge.name} safely` };
    const refused = noInsert(finding.params);
    if (refused !== undefined) return { refused };
    const guests = guestsBehind(graph, bridge.id);
    return {
      steps: [
        insertRule({ en: `Let packets from ${bridge.name} pass`, zh: `放行来自 ${bridge.name} 的数据包` }, "FORWARD", {
          in: bridge.name,
        }),
        insertRule({ en: `Let answers to ${bridge.name} pass`, zh: `放行返回 ${bridge.name} 的应答` }, "FORWARD", {
          out: bridge.name,
          only: "answers",
        }),
      ],
      affects: guests,
      blinks: {
        en: "Nothing is interrupted. Guests get a way out that a rule had closed: be sure that it was not meant.",
        zh: "不会中断任何流量。虚拟机将获得此前被规则关闭的出口：请确认那不是有意为之。",
      },
      risk: "low",
      settleMs: 5_000,
      settleBecause: "5 s to read the rules again",
      probe: guests,
    };
  },
};
