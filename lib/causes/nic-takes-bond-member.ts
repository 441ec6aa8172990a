import type { CauseRule } from "./define";

/** A bond misses a member because that member's NIC is dead or set down. */
export const rule: CauseRule = {
  id: "nic-takes-bond-member",
  cause: ["nic-no-carrier", "nic-admin-down"],
  effect: ["bond-member-down"],
  lab: { case: "nic-no-carrier" },
  links: (cause, effect, graph) =>
    graph
      .towardsWire(effect.subject)
      .some((edge) => edge.kind === "bond-member" && edge.from === cause.subject && effect.breaks.includes(edge.id)),
};
