import type { CauseRule } from "./define";

/** A bond's member is in no aggregate because its cable went into another port, or leads to a switch that is no pair with that of the others. */
export const rule: CauseRule = {
  id: "wrong-switch-splits-aggregate",
  cause: ["cabling-changed"],
  effect: ["bond-lacp-failed"],
  lab: { none: "the lab has one switch, whose ports speak no LACP" },
  links: (cause, effect, graph) =>
    String(effect.params.members).split(", ").includes(String(cause.params.nic)) &&
    graph.towardsWire(effect.subject).some((edge) => edge.kind === "bond-member" && edge.from === cause.subject),
};
