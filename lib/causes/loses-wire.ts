import type { Finding } from "../checks/finding";
import { type Cuts, isWire, reachable } from "../graph/reach";
import type { GraphView } from "../graph/view";

/** What passes nothing by a finding. */
export const cutsOf = (cause: Finding): Cuts => ({
  nodes: new Set(cause.cuts ? [cause.subject] : []),
  edges: new Set(cause.breaks),
});

/** Whether an interface of the host loses its last way to a wire by this finding. */
export function losesWire(cause: Finding, holder: string, graph: GraphView): boolean {
  // A bridge whose uplink is gone has no way even before the cut.
  if (cause.check === "bridge-no-uplink") return cause.subject === holder;
  const wired = (cuts?: Cuts) =>
    [...reachable(graph, [holder], cuts)].some((id) => {
      const node = graph.node(id);
      return node !== undefined && isWire(node);
    });
  return wired() && !wired(cutsOf(cause));
}
