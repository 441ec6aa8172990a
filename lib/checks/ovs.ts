import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { OvsBridge, OvsPort } from "../probes/ovs";
import type { FactOf } from "../probes/registry";

/** The row of a port's node, and that of its bridge; undefined where the database was read at another moment than the graph. */
export function rowOf(port: GraphNode, ovs: FactOf<"ovs">): { bridge: OvsBridge; port: OvsPort } | undefined {
  const bridge = ovs.bridges.find((one) => one.name === port.attributes.bridge);
  const row = bridge?.ports.find((one) => one.name === port.name);
  return bridge && row && { bridge, port: row };
}

/** Devices of the kernel's behind a port, by the graph. */
export const devicesOf = (port: GraphNode, graph: GraphView): GraphNode[] =>
  graph
    .towardsGuest(port.id)
    .filter((edge) => edge.kind === "ovs-port")
    .flatMap((edge) => graph.node(edge.to) ?? []);

const tunnels = new Set(["vxlan", "gre", "ip6gre", "geneve", "erspan", "ip6erspan", "stt", "lisp"]);

/** Does this port lead to the wire: a NIC, a bond of Linux or of Open vSwitch, a tunnel, DPDK, or a patch to another bridge? */
export function leadsOut(port: GraphNode, graph: GraphView): boolean {
  const { type, playsNic } = port.attributes;
  if (playsNic === true || type === "patch" || tunnels.has(String(type ?? ""))) return true;
  return devicesOf(port, graph).some(
    (device) =>
      device.kind === "nic" ||
      device.kind === "bond" ||
      device.kind === "vlan" ||
      device.kind === "vxlan" ||
      device.attributes.playsNic === true,
  );
}

/** Ports of a bridge, by the graph. */
export const portsOfBridge = (bridge: GraphNode, graph: GraphView): GraphNode[] =>
  graph
    .towardsGuest(bridge.id)
    .filter((edge) => edge.kind === "ovs-port")
    .flatMap((edge) => graph.node(edge.to) ?? [])
    .filter((node) => node.kind === "ovs-port");
