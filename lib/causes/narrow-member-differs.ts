import type { CauseRule } from "./define";

/** A bond's members differ in MTU because one of them is too narrow for what passes it. */
export const rule: CauseRule = {
  id: "narrow-member-differs",
  cause: ["mtu-mismatch"],
  effect: ["bond-members-differ"],
  lab: { case: "bond-members-differ" },
  links: (cause, effect, graph) =>
    effect.params.what === "mtu" &&
    graph.towardsWire(effect.subject).some((edge) => edge.kind === "bond-member" && edge.from === cause.subject),
};
