import { factIfRead } from "../facts/facts";
import { onePlan, ownNode } from "./bridge-plan";
import type { Remedy } from "./define";

/** The least that the kernel takes while STP is on (BR_MIN_FORWARD_DELAY), in 1/100 s; libvirt's networks run with it. */
const least = 200;

/** Lets a bridge with STP forward on new ports after 4 s instead of 30. */
export const remedy: Remedy = {
  id: "shorten-forward-delay",
  title: { en: "Shorten the forward delay", zh: "缩短转发延迟" },
  checks: ["bridge-stp-delay"],
  makes: ["bridge-option"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html", "https://docs.kernel.org/networking/bridge.html"],
  plan(context) {
    const bridge = ownNode(context);
    if ("refused" in bridge) return bridge;
    const link = (factIfRead(context.facts, "ip-link") ?? []).find((one) => one.ifindex === bridge.attributes.ifindex);
    const data = link?.linkinfo?.info_data ?? {};
    if (typeof data.forward_delay !== "number" || data.forward_delay <= least)
      return { refused: `${bridge.name} has no delay to shorten` };
    if (data.root_id !== undefined && data.root_id !== data.bridge_id)
      return { refused: `${String(data.root_id)} is root of the spanning tree: it decides on the delay` };
    return onePlan(context, bridge, {
      says: { en: `Forward delay of ${bridge.name}: 2 s`, zh: `${bridge.name} 的转发延迟设为 2 秒` },
      change: {
        ...({ kind: "bridge-option", device: bridge.name, option: "forward_delay" } as const),
        ...{ to: least, was: data.forward_delay },
      },
    });
  },
};
