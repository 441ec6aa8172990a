import type { CauseRule } from "./define";

/** A guest with an address of the LAN on a NAT network is outside that network's subnet, of course: it is plugged in at the wrong place. */
export const rule: CauseRule = {
  id: "nat-puts-off-subnet",
  cause: ["vnic-on-nat"],
  effect: ["guest-off-subnet"],
  lab: { case: "vnic-on-nat" },
  links: (cause, effect) => cause.subject === effect.subject,
};
