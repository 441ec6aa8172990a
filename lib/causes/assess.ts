import type { BareFinding } from "../checks/evaluate";
import { type Status, worse } from "../graph/model";
import { carries, isRoutedWay } from "../graph/reach";
import type { GraphView } from "../graph/view";
import type { CauseRule } from "./define";
import { group } from "./group";
import { impactOf } from "./impact";

export interface Explained {
  readonly cause?: string;
  readonly impacts: readonly string[];
}

export interface Assessment {
  /** Cause and impacts of each finding, by key. */
  readonly explained: ReadonlyMap<string, Explained>;
  /** Status of each node and edge that is not ok, by id. */
  readonly status: ReadonlyMap<string, Status>;
}

/**
 * From findings to problems: which finding explains which, whom each problem cuts off, and the status of every node and edge. `doubtful`: ids of nodes and edges
 * that were made from facts which could not be read again; they are unknown unless something worse is known.
 */
export function assess(
  graph: GraphView,
  findings: readonly BareFinding[],
  rules: readonly CauseRule[],
  doubtful: ReadonlySet<string> = new Set(),
): Assessment {
  const asked = findings.map((finding) => ({ ...finding, since: 0, impacts: [] }));
  const parents = group(asked, rules, graph);
  const impact = impactOf(graph, findings, parents);
  const explained = new Map<string, Explained>();
  const status = new Map<string, Status>();
  const put = (id: string, is: Status): void => {
    if (graph.nodes.has(id) || graph.edges.has(id)) status.set(id, worse(status.get(id) ?? "ok", is));
  };
  for (const id of doubtful) put(id, "unknown");
  for (const finding of findings) {
    const cause = parents.get(finding.key);
    explained.set(finding.key, {
      ...(cause === undefined ? {} : { cause }),
      impacts: cause === undefined ? (impact.byHead.get(finding.key) ?? []) : [],
    });
    put(finding.subject, finding.status);
    for (const id of finding.alsoOn) put(id, finding.status);
    for (const id of finding.breaks) put(id, "fail");
  }
  const cut = new Set([...impact.cutOff, ...findings.flatMap((finding) => (finding.cuts ? [finding.subject] : []))]);
  for (const id of impact.cutOff) put(id, "impacted");
  for (const edge of graph.edges.values()) {
    if (!carries(edge) && !isRoutedWay(edge)) continue;
    if (cut.has(edge.from) && cut.has(edge.to) && (impact.cutOff.has(edge.from) || impact.cutOff.has(edge.to)))
      put(edge.id, "impacted");
    // Expected, not there, and no check has said what that means.
    else if (!edge.present && !edge.remembered) put(edge.id, "unknown");
  }
  return { explained, status };
}
