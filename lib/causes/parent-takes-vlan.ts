import type { CauseRule } from "./define";

/** A VLAN is down, or hears nothing, because the interface below it is: told there, with its own remedy. */
export const rule: CauseRule = {
  id: "parent-takes-vlan",
  cause: ["nic-admin-down", "nic-no-carrier", "bond-down", "bridge-down"],
  effect: ["vlan-parent-down", "vlan-silent"],
  lab: { case: "bond-down-under-vlan" },
  links: (cause, effect, graph) =>
    graph.towardsWire(effect.subject).some((edge) => edge.kind === "vlan-parent" && edge.from === cause.subject),
};
