import type { CauseRule } from "./define";

/** A guest is apart from the rest of its subnet because its TAP sits on another bridge, or in another VLAN, than its XML names. */
export const rule: CauseRule = {
  id: "wrong-bridge-splits-segment",
  cause: ["tap-wrong-bridge", "bridge-vlan-missing"],
  effect: ["vlan-segment-split"],
  lab: { case: "vlan-segment-split" },
  links(cause, effect, graph) {
    const taps = new Set(
      graph
        .towardsWire(effect.subject)
        .filter((edge) => edge.kind === "tap-vnic")
        .map((edge) => edge.from),
    );
    return taps.has(cause.subject) || taps.has(graph.edge(cause.subject)?.to ?? "");
  },
};
