import type { CauseRule } from "./define";

/** A NIC that loses its link again and again has none at the moment. */
export const rule: CauseRule = {
  id: "flapping-loses-carrier",
  cause: ["nic-flapping"],
  effect: ["nic-no-carrier"],
  lab: { case: "nic-flapping-dead" },
  links: (cause, effect) => cause.subject === effect.subject,
};
