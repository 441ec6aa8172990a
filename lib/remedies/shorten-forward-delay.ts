import { factIfRead } from "../facts/facts";
import type { Remedy } from "./define";
import { refuse } from "./refusals";
import { oneStep, ownNode } from "./subject";

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
      return refuse({ en: `${bridge.name} has no delay to shorten`, zh: `${bridge.name} 没有可缩短的延迟` });
    if (data.root_id !== undefined && data.root_id !== data.bridge_id)
      return refuse({
        en: `${String(data.root_id)} is root of the spanning tree: it decides on the delay`,
        zh: `生成树的根是 ${String(data.root_id)}：延迟由它决定`,
      });
    return oneStep({
      says: { en: `Forward delay of ${bridge.name}: 2 s`, zh: `${bridge.name} 的转发延迟设为 2 秒` },
      change: {
        ...({ kind: "bridge-option", device: bridge.name, option: "forward_delay" } as const),
        ...{ to: least, was: data.forward_delay },
      },
    });
  },
};
