import type { CauseRule } from "./define";

/** A link that is gone, flaps or spoils frames because its transceiver gets or gives too little light. */
export const rule: CauseRule = {
  id: "light-explains-link",
  cause: ["optic-power-low"],
  effect: ["nic-no-carrier", "nic-flapping", "nic-errors-rising"],
  lab: { none: "no card of the lab has a transceiver that measures light" },
  links: (cause, effect) => cause.subject === effect.subject,
};
