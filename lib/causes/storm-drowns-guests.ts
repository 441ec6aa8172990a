import { segmentOf } from "../graph/segments";
import type { CauseRule } from "./define";

/** A guest that gets thousands of broadcasts a second cannot read them all: its TAP drops because of the storm, and not because the guest hangs. */
export const rule: CauseRule = {
  id: "storm-drowns-guests",
  cause: ["broadcast-storm"],
  effect: ["tap-tx-drops"],
  lab: { none: "whether a guest keeps up with the storm is a matter of the machine under the lab" },
  links: (cause, effect, graph) => segmentOf(graph, cause.subject).has(effect.subject),
};
