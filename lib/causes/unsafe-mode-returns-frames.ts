import { segmentOf } from "../graph/segments";
import type { CauseRule } from "./define";
import { logsOwnAddress } from "./own-address";

/**
 * A bond that spreads frames over members which the switch does not take for one sends some of them where they come back by another member: guests' addresses seem to be outside, and
 * the kernel logs the host's own (https://docs.kernel.org/networking/bonding.html, switch configuration of balance-rr).
 */
export const rule: CauseRule = {
  id: "unsafe-mode-returns-frames",
  cause: ["bond-mode-unsafe"],
  effect: ["fdb-guest-on-uplink", "kernel-net-errors"],
  lab: { case: "bond-mode-unsafe" },
  links(cause, effect, graph) {
    if (effect.check === "kernel-net-errors" && !logsOwnAddress(effect)) return false;
    const bridge = graph.ofKind("bridge").find(({ name }) => name === cause.params.bridge);
    return [cause.subject, ...(bridge ? [bridge.id] : [])].some((id) => segmentOf(graph, id).has(effect.subject));
  },
};
