import type { Remedy } from "./define";
import { refuse } from "./refusals";
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
      return refuse({
        en: "one guest is singled out by somebody's rule: take that rule out, as the guide says",
        zh: "某条规则专门针对这台虚拟机：请按说明移除该规则",
      });
    if (!plainName(bridge.name))
      return refuse({
        en: `iptables cannot name ${bridge.name} safely`,
        zh: `iptables 无法安全引用 ${bridge.name}`,
      });
    const refused = noInsert(finding.params);
    if (refused !== undefined) return refused;
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
      blinks: {
        en: "Nothing is interrupted. Guests get a way out that a rule had closed: be sure that it was not meant.",
        zh: "不会中断任何流量。虚拟机将获得此前被规则关闭的出口：请确认那不是有意为之。",
      },
    };
  },
};
