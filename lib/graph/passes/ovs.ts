import { fact, factIfRead } from "../../facts/facts";
import type { OvsBridge, OvsInterface, OvsPort } from "../../probes/ovs";
import { escapeName } from "../identity";
import { linkAttributes, optional, stringsIn } from "../links";
import type { GraphBuilder, Pass } from "../pass";

/** Interfaces that leave the host without a device of the kernel's: tunnels and DPDK ports. They count as wire (see `isWire`). */
const outward = new Set(["vxlan", "gre", "ip6gre", "geneve", "erspan", "ip6erspan", "stt", "lisp", "dpdk"]);

/**
 * Open vSwitch: bridges, their ports, and the interfaces behind those. The bridge's node is its local port as well (one interface is one node). Patch
 * ports lead to each other. A bridge that had a port to the wire once keeps that (`hadUplink`), as Linux bridges do.
 */
export const pass: Pass = {
  id: "ovs",
  after: ["links", "taps"],
  needs: ["ovs"],
  optional: ["ip-link"],
  run(builder) {
    const { bridges } = fact(builder.facts, "ovs");
    const ports = new Map<string, string>();
    for (const bridge of bridges) {
      const id = addBridge(builder, bridge);
      for (const port of bridge.ports)
        if (port.name !== bridge.name) ports.set(port.name, addPort(builder, bridge, id, port));
    }
    for (const { ports: all } of bridges)
      for (const port of all) {
        const peer = option(port.interfaces[0], "patch") && ports.get(option(port.interfaces[0], "patch") ?? "");
        const own = ports.get(port.name);
        if (peer && own && own < peer) builder.addEdge({ kind: "ovs-port", from: own, to: peer });
      }
    rememberUplinks(builder, bridges);
  },
};

function rememberUplinks(builder: GraphBuilder, bridges: readonly OvsBridge[]): void {
  const had = new Set(stringsIn(builder.memory.ovsUplink));
  for (const bridge of bridges) {
    const leads = bridge.ports.some((port) =>
      port.interfaces.some((entry) => {
        if (entry.type === "patch" || outward.has(entry.type)) return true;
        const device = builder.byName(entry.name);
        return device?.kind === "nic" || device?.kind === "bond" || device?.kind === "vlan";
      }),
    );
    if (leads) had.add(bridge.name);
    const node = had.has(bridge.name) ? builder.byName(bridge.name) : undefined;
    if (node?.kind === "ovs-bridge") builder.annotate(node.id, { hadUplink: true });
  }
  builder.memory.ovsUplink = [...had].sort();
}

function addBridge(builder: GraphBuilder, bridge: OvsBridge): string {
  const link = factIfRead(builder.facts, "ip-link")?.find((entry) => entry.ifname === bridge.name);
  return builder.addNode({
    kind: "ovs-bridge",
    name: bridge.name,
    keys: [`ovs-bridge:name:${bridge.name}`],
    attributes: {
      ...(link ? linkAttributes({ link, netns: "" }) : {}),
      datapath: bridge.datapath_type,
      ...optional("failMode", bridge.fail_mode),
      controllers: bridge.controllers,
      stp: bridge.stp_enable,
      rstp: bridge.rstp_enable,
    },
    ifindex: link?.ifindex,
    netns: "",
  });
}

function addPort(builder: GraphBuilder, bridge: OvsBridge, bridgeId: string, port: OvsPort): string {
  const [first] = port.interfaces;
  const leavesHere = port.interfaces.some((entry) => outward.has(entry.type));
  const id = builder.addNode({
    kind: "ovs-port",
    name: port.name,
    path: `${escapeName(bridge.name)}/${escapeName(port.name)}`,
    keys: [`ovs-port:${escapeName(bridge.name)}/${port.name}`],
    attributes: {
      bridge: bridge.name,
      ...optional("tag", port.tag),
      ...(port.trunks.length > 0 ? { trunks: port.trunks } : {}),
      ...optional("vlanMode", port.vlan_mode),
      ...optional("bondMode", port.bond_mode),
      ...optional("lacp", port.lacp),
      ...optional("type", first?.type),
      ...optional("error", port.interfaces.find((entry) => entry.error)?.error),
      ...(leavesHere ? { playsNic: true, carrier: first?.link_state !== "down" } : {}),
    },
  });
  builder.addEdge({ kind: "ovs-port", from: bridgeId, to: id });
  for (const entry of port.interfaces) {
    const device = builder.byName(entry.name);
    if (device) builder.addEdge({ kind: "ovs-port", from: id, to: device.id });
  }
  return id;
}

/** Name of the port at the other end of a patch. */
function option(entry: OvsInterface | undefined, type: "patch"): string | undefined {
  return entry?.type === type ? entry.options.find(({ key }) => key === "peer")?.value : undefined;
}
