import type { CauseRule } from "./define";

/** Guests run emulated because the host has no /dev/kvm: one problem, not one for each guest. */
export const rule: CauseRule = {
  id: "no-kvm-emulates-guests",
  cause: ["kvm-unavailable"],
  effect: ["kvm-unavailable"],
  lab: { case: "kvm-unavailable" },
  links: (cause, effect, graph) =>
    graph.node(cause.subject)?.kind === "host" && graph.node(effect.subject)?.kind === "vm",
};
