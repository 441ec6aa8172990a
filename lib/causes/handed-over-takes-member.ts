import type { CauseRule } from "./define";

/** A bond misses a member, or a bridge its way out, because that card was handed to a guest. */
export const rule: CauseRule = {
  id: "handed-over-takes-member",
  cause: ["vf-misconfigured"],
  effect: ["bond-member-missing", "bridge-no-uplink"],
  lab: { case: "nic-handed-over" },
  links(cause, effect, graph) {
    if (graph.node(cause.subject)?.kind !== "host" || graph.node(effect.subject)?.name !== cause.params.whom)
      return false;
    const { members } = effect.params;
    return effect.check === "bridge-no-uplink" || String(members).split(", ").includes(String(cause.params.nic));
  },
};
