import { factIfRead } from "../../facts/facts";
import type { LldpNeighbour } from "../../probes/lldp";
import { escapeName } from "../identity";
import { optional } from "../links";
import type { GraphNode, Json } from "../model";
import type { GraphBuilder, Pass } from "../pass";

interface Known {
  /** Id of the NIC at which it was heard. */
  readonly at: string;
  readonly path: string;
  readonly name: string;
  readonly attributes: Record<string, Json>;
}

/**
 * Switch ports, by what they say of themselves. The neighbour of a dead cable falls silent just when one wants to know where the cable leads: the last one heard at each NIC is
 * kept, and stands there as `remembered` until another is heard at that NIC. Guests that speak LLDP on their TAP are no switch ports.
 */
export const pass: Pass = {
  id: "lldp",
  after: ["links"],
  needs: [],
  optional: ["lldp", "ip-link"],
  run(builder) {
    const heard = new Map<string, Known[]>();
    for (const neighbour of factIfRead(builder.facts, "lldp") ?? []) {
      const nic = builder.byName(neighbour.ifname);
      const known =
        nic && (nic.kind === "nic" || nic.attributes.playsNic === true) ? asKnown(nic, neighbour) : undefined;
      if (known) heard.set(known.at, [...(heard.get(known.at) ?? []), known]);
    }
    const kept = readMemory(builder.memory.lldp).filter((known) => !heard.has(known.at));
    for (const known of [...heard.values()].flat()) add(builder, known, false);
    for (const known of kept) if (builder.node(known.at)) add(builder, known, true);
    builder.memory.lldp = [...heard.values()].flat().concat(kept) as unknown as Json;
  },
};

function asKnown(nic: GraphNode, { chassis, port, vlans }: LldpNeighbour): Known | undefined {
  const portId = port.id ?? port.descr;
  const chassisId = chassis.id ?? chassis.name;
  if (portId === undefined || chassisId === undefined) return undefined;
  return {
    at: nic.id,
    path: `${escapeName(chassisId)}/${escapeName(portId)}`,
    name: `${chassis.name ?? chassisId} ${portId}`,
    attributes: {
      ...optional("system", chassis.name),
      chassis: chassisId,
      port: portId,
      ...optional("description", port.descr),
      ...(chassis.mgmtIps.length > 0 ? { addresses: chassis.mgmtIps } : {}),
      ...(vlans.length > 0 ? { vlans: vlans.map((vlan) => vlan.id) } : {}),
      ...optional("pvid", vlans.find((vlan) => vlan.pvid)?.id),
      ...optional("mfs", port.mfs),
    },
  };
}

function add(builder: GraphBuilder, known: Known, remembered: boolean): void {
  const key = `switch-port:${known.path}`;
  // Two NICs can hear the same port (a hub between them): one node, two edges.
  const same = builder.ofKind("switch-port").find((node) => node.attributes.path === known.path);
  const from =
    same?.id ??
    builder.addNode({
      kind: "switch-port",
      name: known.name,
      path: known.path,
      keys: [key],
      attributes: { ...known.attributes, path: known.path },
      remembered,
    });
  builder.addEdge({ kind: "lldp", from, to: known.at, remembered });
}

function readMemory(memory: Json | undefined): Known[] {
  if (!Array.isArray(memory)) return [];
  return (memory as readonly Json[]).flatMap((row) => {
    if (row === null || typeof row !== "object" || Array.isArray(row)) return [];
    const { at, path, name, attributes } = row as { readonly [key: string]: Json };
    if (typeof at !== "string" || typeof path !== "string" || typeof name !== "string") return [];
    if (attributes === null || typeof attributes !== "object" || Array.isArray(attributes)) return [];
    return [{ at, path, name, attributes: attributes as Record<string, Json> }];
  });
}
