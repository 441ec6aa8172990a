import type { Remedy } from "./define";
import { guestsBehind } from "./guests";

/** Lets an Open vSwitch bridge learn like any switch where it has neither a controller nor flows. */
export const remedy: Remedy = {
  id: "ovs-standalone",
  title: { en: "Let the bridge forward by itself", zh: "改为自学习转发" },
  checks: ["ovs-secure-no-flows"],
  makes: ["ovs-fail-mode"],
  sources: ["https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/"],
  plan({ finding, graph }) {
    const bridge = graph.node(finding.subject);
    if (bridge?.kind !== "ovs-bridge") return { refused: `${finding.subject} is no longer there` };
    if (bridge.attributes.failMode !== "secure")
      return { refused: `${bridge.name} is not in fail mode secure any more` };
    if (bridge.name.startsWith("-")) return { refused: `${bridge.name} is a name that no command takes` };
    const guests = guestsBehind(graph, bridge.id);
    return {
      steps: [
        {
          says: {
            en: `Set fail mode standalone on ${bridge.name}`,
            zh: `将 ${bridge.name} 的 fail mode 设为 standalone`,
          },
          change: { kind: "ovs-fail-mode", bridge: bridge.name, to: "standalone", was: "secure" },
        },
      ],
      affects: guests,
      blinks: {
        en: "Nothing passes now. What was kept out on purpose by having no flows will pass.",
        zh: "当前没有任何流量。若有意用空流表隔离的流量，将会被放行。",
      },
      risk: "low",
      settleMs: 10_000,
      settleBecause: "10 s for ovs-vswitchd to take the change and the bridge to learn",
      probe: guests,
    };
  },
};
