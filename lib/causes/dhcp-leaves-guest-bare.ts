import type { CauseRule } from "./define";

/** A guest has no address because the DHCP server of its bridge is gone, or has none left to give. */
export const rule: CauseRule = {
  id: "dhcp-leaves-guest-bare",
  cause: ["dhcp-server-down", "dhcp-pool-exhausted"],
  effect: ["guest-no-address"],
  lab: { case: "dhcp-server-gone-guest-bare" },
  links: (cause, effect) => cause.params.bridge !== undefined && cause.params.bridge === effect.params.bridge,
};
