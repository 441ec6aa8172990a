import type { CauseRule } from "./define";

/** In a loop broadcasts go round for ever, and guests' addresses seem to be outside. */
export const rule: CauseRule = {
  id: "loop-moves-addresses",
  cause: ["bridge-loop"],
  effect: ["broadcast-storm", "fdb-guest-on-uplink"],
  lab: { case: "bridge-loop" },
  links: (cause, effect, graph) =>
    cause.subject === effect.subject ||
    graph
      .towardsWire(effect.subject)
      .some((edge) =>
        graph.towardsWire(edge.from).some((port) => port.kind === "bridge-port" && port.from === cause.subject),
      ),
};
