import { factIfRead } from "../facts/facts";
import { onePlan } from "./bridge-plan";
import type { Remedy } from "./define";

/** Sets the MTU that the finding asks for on the interface that it names: a bond's member, or a tunnel. */
export const remedy: Remedy = {
  id: "align-mtu",
  title: { en: "Align the MTU", zh: "对齐 MTU" },
  checks: ["bond-members-differ", "vxlan-underlay"],
  makes: ["mtu"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  plan(context) {
    const { link, needed } = context.finding.params;
    if (typeof link !== "string" || typeof needed !== "number")
      return { refused: "this is not about the MTU: see the finding's own guidance" };
    const now = (factIfRead(context.facts, "ip-link") ?? []).find((one) => one.ifname === link);
    const node = (["nic", "vxlan", "veth", "vlan", "other-link"] as const)
      .flatMap((kind) => context.graph.ofKind(kind))
      .find((one) => one.name === link && one.attributes.netns === undefined);
    if (!now || !node) return { refused: `${link} is no longer there` };
    if (now.mtu === needed) return { refused: `${link} has an MTU of ${needed} already` };
    return onePlan(context, node, {
      says: { en: `MTU of ${link}: ${needed}`, zh: `${link} 的 MTU 设为 ${needed}` },
      change: { kind: "mtu", device: link, to: needed, was: now.mtu },
    });
  },
};
