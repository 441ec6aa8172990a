import type { CauseRule } from "./define";

/** A bond's members differ, and a link is full, because that NIC came up slower than it could. */
export const rule: CauseRule = {
  id: "slow-member-differs",
  cause: ["nic-speed-mismatch"],
  effect: ["bond-members-differ", "link-saturated"],
  lab: { case: "nic-speed-mismatch" },
  links: (cause, effect, graph) =>
    effect.check === "link-saturated"
      ? cause.subject === effect.subject
      : effect.params.what !== "mtu" &&
        graph.towardsWire(effect.subject).some((edge) => edge.kind === "bond-member" && edge.from === cause.subject),
};
