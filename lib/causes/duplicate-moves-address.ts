import type { CauseRule } from "./define";

/** A guest's MAC is heard outside because somebody there owns it as well, and who that is has been found. */
export const rule: CauseRule = {
  id: "duplicate-moves-address",
  cause: ["mac-duplicate"],
  effect: ["fdb-guest-on-uplink"],
  lab: { case: "mac-duplicate-outside" },
  links: (cause, effect) => cause.subject === effect.subject || cause.alsoOn.includes(effect.subject),
};
