import type { CauseRule } from "./define";

/** Open vSwitch forwards nothing, or not over its uplink: the gateway that is reached over that bridge cannot answer. */
export const rule: CauseRule = {
  id: "ovs-silences-gateway",
  cause: ["ovs-down", "ovs-no-uplink", "ovs-secure-no-flows", "ovs-bond-degraded", "ovs-stp-blocked", "ovs-flow-drops"],
  effect: ["gateway-unreachable", "arp-incomplete"],
  lab: { case: "ovs-no-uplink" },
  links(cause, effect, graph) {
    if (cause.status !== "fail") return false;
    const holder = graph.towardsGuest(effect.subject).find((edge) => edge.kind === "gateway")?.to;
    if (holder === undefined || graph.node(holder)?.kind !== "ovs-bridge") return false;
    return (
      cause.check === "ovs-down" ||
      cause.subject === holder ||
      graph.towardsGuest(holder).some((edge) => edge.to === cause.subject)
    );
  },
};
