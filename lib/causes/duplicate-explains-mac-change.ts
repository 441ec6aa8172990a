import type { CauseRule } from "./define";

/** Two owners of one address or of one MAC: the second look at the same fault stands under the first. */
export const rule: CauseRule = {
  id: "duplicate-explains-mac-change",
  cause: ["mac-duplicate", "arp-spoofing"],
  effect: ["address-duplicate"],
  lab: { case: "arp-spoofing" },
  links: (cause, effect) =>
    cause.subject === effect.subject ||
    cause.alsoOn.includes(effect.subject) ||
    effect.alsoOn.some((id) => id === cause.subject || cause.alsoOn.includes(id)) ||
    (cause.params.gateway !== undefined && cause.params.gateway === effect.params.address),
};
