import type { CauseRule } from "./define";

/** A bond of Open vSwitch misses a member because that member's NIC is dead, set down or not there. */
export const rule: CauseRule = {
  id: "nic-degrades-ovs-bond",
  cause: ["nic-no-carrier", "nic-admin-down", "ovs-port-error"],
  effect: ["ovs-bond-degraded"],
  lab: { case: "ovs-bond-degraded" },
  links: (cause, effect, graph) =>
    cause.check === "ovs-port-error"
      ? cause.subject === effect.subject
      : graph.towardsGuest(effect.subject).some((edge) => edge.kind === "ovs-port" && edge.to === cause.subject),
};
