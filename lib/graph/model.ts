import * as z from "zod";

/** Kinds of node, in the order in which a frame from the wire meets them: this is also the order of the canvas lanes. */
export const nodeKinds = [
  "switch-port",
  "gateway",
  "nic",
  "bond",
  "vlan",
  "vxlan",
  "bridge",
  "ovs-bridge",
  "ovs-port",
  "veth",
  "macvtap",
  "tap",
  "vnic",
  "vm",
  "host",
  "netns",
  "other-link",
] as const;
export const NodeKind = z.enum(nodeKinds);
export type NodeKind = z.infer<typeof NodeKind>;

/**
 * Kinds of edge. `from` is the end nearer to the wire, `to` the end nearer to the guest.
 * - lldp         switch-port -> nic
 * - bond-member  nic -> bond
 * - vlan-parent  nic|bond|bridge -> vlan
 * - underlay     nic|bond|bridge|vlan -> vxlan
 * - uplink       nic|bond|vlan|vxlan -> bridge (enslaved, carries the bridge to the wire)
 * - bridge-port  bridge -> tap|veth|other-link (enslaved, leads to guests)
 * - ovs-port     ovs-bridge -> ovs-port, and ovs-port -> tap|nic|bond|veth by its interface
 * - veth-peer    veth -> veth
 * - macvtap      nic|bond|vlan|bridge -> macvtap
 * - tap-vnic     tap|macvtap -> vnic
 * - vnic-vm      vnic -> vm
 * - gateway      gateway -> bridge|nic|bond|vlan that holds the address of that subnet
 * - routed       nic|bond|vlan|bridge|... -> bridge of a network whose packets the host routes (NAT, routed): no frame passes
 * - same-segment between hosts (fleet passes)
 */
export const edgeKinds = [
  "lldp",
  "bond-member",
  "vlan-parent",
  "underlay",
  "uplink",
  "bridge-port",
  "ovs-port",
  "veth-peer",
  "macvtap",
  "tap-vnic",
  "vnic-vm",
  "gateway",
  "routed",
  "same-segment",
] as const;
export const EdgeKind = z.enum(edgeKinds);
export type EdgeKind = z.infer<typeof EdgeKind>;

/**
 * fail: a finding says it is broken. warn: works, but wrong or without redundancy. impacted: nothing wrong here, cut off by something else.
 * unknown: could not be judged. stale: was judged, the host no longer answers. Absence of findings with every check evaluated is ok.
 */
export const Status = z.enum(["ok", "warn", "fail", "impacted", "unknown", "stale"]);
export type Status = z.infer<typeof Status>;

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
  /** Plain facts for the panel and the checks: mtu, mac, flags, operstate, carrier, ifindex, netns, driver, speed... */
  attributes: z.record(z.string(), Json),
  /** Not seen now, known from before (the LLDP neighbour of a dead cable). */
  remembered: z.boolean().optional(),
});
export type GraphNode = z.infer<typeof GraphNode>;

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
export type GraphEdge = z.infer<typeof GraphEdge>;

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
