import type { Remedy } from "./define";
import { gone, likeAnOption, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Lets an Open vSwitch bridge learn like any switch where it has neither a controller nor flows. */
export const remedy: Remedy = {
  id: "ovs-standalone",
  title: { en: "Let the bridge forward by itself", zh: "改为自学习转发" },
  checks: ["ovs-secure-no-flows"],
  makes: ["ovs-fail-mode"],
  sources: ["https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/"],
  plan({ finding, graph }) {
    const bridge = graph.node(finding.subject);
    if (bridge?.kind !== "ovs-bridge") return gone(finding.subject);
    const { name } = bridge;
    if (bridge.attributes.failMode !== "secure")
      return refuse({
        en: `${name} is not in fail mode secure any more`,
        zh: `${name} 的 fail mode 已不是 secure`,
      });
    if (name.startsWith("-")) return likeAnOption(name);
    return oneStep(
      {
        says: { en: `Set fail mode standalone on ${name}`, zh: `将 ${name} 的 fail mode 设为 standalone` },
        change: { kind: "ovs-fail-mode", bridge: name, to: "standalone", was: "secure" },
      },
      {
        en: "Nothing passes now. What was kept out on purpose by having no flows will pass.",
        zh: "当前没有任何流量。若有意用空流表隔离的流量，将会被放行。",
      },
    );
  },
};
