import type { CauseRule } from "./define";

/** A guest does not answer ARP because it does not take what is sent to it, or because it hangs by macvtap where its own host cannot be heard. */
export const rule: CauseRule = {
  id: "deaf-guest-is-silent",
  cause: ["tap-tx-drops", "macvtap-host-isolation"],
  effect: ["arp-incomplete"],
  lab: { case: "deaf-guest" },
  links: (cause, effect, graph) =>
    graph.node(effect.subject)?.kind === "vm" &&
    graph.node(effect.subject)?.name === cause.params.vm &&
    (cause.check !== "macvtap-host-isolation" || cause.params.address === effect.params.address),
};
