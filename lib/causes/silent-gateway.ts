import type { CauseRule } from "./define";

/** One silent gateway is one problem: that it answers no ARP stands under what was found by asking it, and both under a route that points to the wrong place. */
export const rule: CauseRule = {
  id: "silent-gateway",
  cause: ["gateway-off-subnet", "gateway-unreachable", "arp-spoofing"],
  effect: ["gateway-unreachable", "arp-incomplete"],
  lab: { case: "gateway-unreachable" },
  links: (cause, effect) => cause.subject === effect.subject && cause.check !== effect.check,
};
