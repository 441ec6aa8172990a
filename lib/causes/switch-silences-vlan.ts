import type { CauseRule } from "./define";

/** A VLAN hears nothing because the switch port says by LLDP that it does not carry it: that of the parent, or of a member of the bond below. */
export const rule: CauseRule = {
  id: "switch-silences-vlan",
  cause: ["lldp-vlan-mismatch"],
  effect: ["vlan-silent"],
  lab: { case: "vlan-silent-by-switch" },
  links: (cause, effect, graph) =>
    graph
      .towardsWire(effect.subject)
      .filter((edge) => edge.kind === "vlan-parent")
      .some(
        (edge) =>
          edge.from === cause.subject ||
          graph.towardsWire(edge.from).some((member) => member.kind === "bond-member" && member.from === cause.subject),
      ),
};
