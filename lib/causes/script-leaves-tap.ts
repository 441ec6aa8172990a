import type { CauseRule } from "./define";

/** A guest's TAP is on no bridge because the script or helper that should have put it there is broken. */
export const rule: CauseRule = {
  id: "script-leaves-tap",
  cause: ["ifup-broken"],
  effect: ["tap-not-enslaved"],
  lab: { case: "ifup-broken-tap-loose" },
  links: (cause, effect) => cause.params.vm !== undefined && cause.params.vm === effect.params.vm,
};
