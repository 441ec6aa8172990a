import { segmentOf } from "../graph/segments";
import type { CauseRule } from "./define";
import { logsOwnAddress } from "./own-address";

/** The kernel logs our own address coming back because there is a loop: the loop is the fault, the log is how it shows. */
export const rule: CauseRule = {
  id: "loop-fills-log",
  cause: ["bridge-loop"],
  effect: ["kernel-net-errors"],
  lab: { case: "bridge-loop" },
  links(cause, effect, graph) {
    if (!logsOwnAddress(effect)) return false;
    const subject = graph.edge(cause.subject)?.from ?? cause.subject;
    return subject === effect.subject || segmentOf(graph, subject).has(effect.subject);
  },
};
