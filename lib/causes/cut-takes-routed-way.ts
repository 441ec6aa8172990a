import type { CauseRule } from "./define";
import { losesWire } from "./loses-wire";

/**
 * The default route went with the carrier of the interface that it led out by: network managers take it away when the
 * cable is dead. The ways that the networks behind NAT had by it tell which interface that was.
 */
export const rule: CauseRule = {
  id: "cut-takes-routed-way",
  cause: ["nic-no-carrier", "nic-admin-down", "bond-down", "bridge-down", "bridge-no-uplink", "vlan-parent-down"],
  effect: ["gateway-missing"],
  lab: { none: "the lab's addresses and routes are set by hand, and stay when the carrier goes" },
  links(cause, effect, graph) {
    const ways = effect.breaks.flatMap((id) => graph.edge(id) ?? []);
    return ways.length > 0 && ways.every((way) => losesWire(cause, way.from, graph));
  },
};
