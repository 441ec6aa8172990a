import type { CauseRule } from "./define";

/** A bond is down because every one of its members' NICs is: only together do they explain it, so they stand under the bond. */
export const rule: CauseRule = {
  id: "nics-take-bond",
  cause: ["nic-no-carrier", "nic-admin-down"],
  effect: ["bond-down"],
  joint: true,
  lab: { case: "bond-down" },
  links: (cause, effect, graph) =>
    graph.towardsWire(effect.subject).some((edge) => edge.kind === "bond-member" && edge.from === cause.subject),
};
