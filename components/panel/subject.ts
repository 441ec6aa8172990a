import type { Finding } from "@/lib/checks/finding";
import { cuttingOff, findingsOn } from "@/lib/text/findings";
import type { HostSnapshot, ViewEdge, ViewNode } from "@/lib/wire/model";

/** What the panel is about, with all that is known of it. */
export interface Subject {
  readonly id: string;
  readonly node?: ViewNode;
  readonly edge?: ViewEdge;
  /** Ends of an edge. */
  readonly from?: ViewNode;
  readonly to?: ViewNode;
  /** Fails and warns, worst first. */
  readonly failing: readonly Finding[];
  readonly unknown: readonly Finding[];
  /** Problems elsewhere by which this one is cut off. */
  readonly cutBy: readonly Finding[];
  /** Ids of checks that pass. */
  readonly passed: readonly string[];
}

/** The subject of this id, or undefined where the snapshot has none: it went away, or the address is of another time. */
export function subjectOf(snapshot: HostSnapshot, id: string): Subject | undefined {
  const node = snapshot.nodes.find((n) => n.id === id);
  const edge = node ? undefined : snapshot.edges.find((e) => e.id === id);
  if (!node && !edge) return undefined;
  const end = (of: string | undefined) => (of === undefined ? undefined : snapshot.nodes.find((n) => n.id === of));
  const [from, to] = [end(edge?.from), end(edge?.to)];
  const on = findingsOn(snapshot.findings, id);
  return {
    id,
    ...(node ? { node } : {}),
    ...(edge ? { edge } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    failing: on.filter((f) => f.status !== "unknown"),
    unknown: on.filter((f) => f.status === "unknown"),
    cutBy: cuttingOff(snapshot.findings, id).filter((f) => f.subject !== id),
    passed: snapshot.passed.find((p) => p.subject === id)?.checks ?? [],
  };
}
