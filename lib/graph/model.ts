import * as z from "zod";
import type * as kinds from "./kinds";
import { type AttributesOf, type EdgeAttributes, edgeKinds, nodeKinds } from "./kinds";

export { edgeKinds, nodeKinds } from "./kinds";

/** Kinds of node and edge: a file each in kinds/ and edges/. */
export type NodeKind = kinds.NodeKind;
export type EdgeKind = kinds.EdgeKind;
export const NodeKind = z.enum(nodeKinds as [NodeKind, ...NodeKind[]]);
export const EdgeKind = z.enum(edgeKinds as [EdgeKind, ...EdgeKind[]]);

/**
 * fail: a finding says it is broken. warn: works, but wrong or without redundancy. impacted: nothing wrong here, cut off by something else.
 * unknown: could not be judged. stale: was judged, the host no longer answers. Absence of findings with every check evaluated is ok.
 */
export const Status = z.enum(["ok", "warn", "fail", "impacted", "unknown", "stale"]);
export type Status = z.infer<typeof Status>;

/**
 * How bad each status is: the one order, for the worst of several and for lists that begin with the worst. What is cut off comes before what merely warns: it
 * serves nobody now. A host that no longer answers comes before a check that could not be judged.
 */
export const severity: Readonly<Record<Status, number>> = {
  fail: 5,
  impacted: 4,
  warn: 3,
  stale: 2,
  unknown: 1,
  ok: 0,
};

/** The worse of two statuses. */
export const worse = (a: Status, b: Status): Status => (severity[b] > severity[a] ? b : a);

/** For sorting: the worst first. */
export const bySeverity = (a: Status, b: Status): number => severity[b] - severity[a];

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export const Json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Json), z.record(z.string(), Json)]),
);

/**
 * A node of the graph, as built from facts and without a verdict. `id` is `<host>/<kind>/<name>` (`<host>/tap/<vm>/<mac>` for a guest's TAP),
 * stable over ifindex renumbering, rename and VM restart (see identity.ts). `name` is what the host calls it now.
 */
export const GraphNode = z.object({
  id: z.string(),
  host: z.string(),
  kind: NodeKind,
  name: z.string(),
  /** Plain facts for the panel and the checks. */
  attributes: z.record(z.string(), Json),
  /** Not seen now, known from before (the LLDP neighbour of a dead cable). */
  remembered: z.boolean().optional(),
});
/**
 * The same with its attributes as its kind names them (lib/graph/kinds). On the wire they are any JSON: what a page shows may come from an older release.
 */
export interface GraphNode extends NodeOf<NodeKind> {}

/** A node of one kind, or of one of several. */
export interface NodeOf<K extends NodeKind> {
  readonly id: string;
  readonly host: string;
  readonly kind: K;
  readonly name: string;
  readonly attributes: AttributesOf<K>;
  readonly remembered?: boolean | undefined;
}

export const GraphEdge = z.object({
  id: z.string(),
  host: z.string(),
  kind: EdgeKind,
  from: z.string(),
  to: z.string(),
  /** false: the configuration (libvirt XML, baseline) says it should be there, the kernel says it is not. */
  present: z.boolean(),
  remembered: z.boolean().optional(),
  attributes: z.record(z.string(), Json).optional(),
});
export interface GraphEdge extends Readonly<Omit<z.infer<typeof GraphEdge>, "attributes">> {
  readonly attributes?: EdgeAttributes | undefined;
}

export interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: ReadonlyMap<string, GraphEdge>;
}

/** `<host>/<edge kind>/<from kind>:<from name>--<to kind>:<to name>`: readable, and stable because node ids are. */
export function edgeId(kind: EdgeKind, from: string, to: string): string {
  const slash = from.indexOf("/");
  const host = from.slice(0, slash);
  const strip = (id: string) => (id.startsWith(`${host}/`) ? id.slice(slash + 1) : id);
  return `${host}/${kind}/${strip(from)}--${strip(to)}`;
}
