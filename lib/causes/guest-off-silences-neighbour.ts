import type { CauseRule } from "./define";

/** A guest that does not run answers nobody. */
export const rule: CauseRule = {
  id: "guest-off-silences-neighbour",
  cause: ["domain-not-running"],
  effect: ["arp-incomplete", "tap-no-process", "guest-no-address", "tap-tx-drops"],
  links: (cause, effect, graph) =>
    cause.subject === effect.subject || graph.node(effect.subject)?.attributes.vm === graph.node(cause.subject)?.name,
};
