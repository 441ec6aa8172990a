import { graphMemo } from "../../graph/memo";
import type { GraphNode } from "../../graph/model";
import { isWire } from "../../graph/reach";
import { segmentOf } from "../../graph/segments";
import type { GraphView } from "../../graph/view";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { dataOf, isElsewhere, linkNamed, plugOf, pvidOf } from "../layer2";

/**
 * A guest has an address of a subnet that the host has on another segment, where other guests of that subnet are. Said only where the two are surely apart: the guest's bridge has no
 * way to the wire, both ride on one parent with different tags, or they have different PVIDs on one bridge. Two bridges with a NIC each may well meet outside; a subnet that
 * only guests have may be used twice on purpose.
 */
export const check = defineCheck({
  id: "vlan-segment-split",
  layer: "vlan",
  title: { en: "One subnet on two segments", zh: "同一子网分布在两个网段" },
  message: {
    en: "{vm} ({address}) sits on {here}, the others of {subnet} ({peers}) on {there}: they cannot reach each other",
    zh: "{vm}（{address}）位于 {here}，而 {subnet} 的其他虚拟机（{peers}）位于 {there}：彼此无法互通",
  },
  expected: { en: "{vm} is on {there}, with {subnet}", zh: "{vm} 位于 {there}，与 {subnet} 一致" },
  repair: {
    en: "Move its TAP: ip link set dev {tap} master BRIDGE, or bridge vlan add dev {tap} vid N pvid untagged, as {there} has it; and in the domain XML (virsh edit {vm}: source bridge, vlan). Or give the guest an address of {here}.",
    zh: "移动其 TAP：ip link set dev {tap} master BRIDGE，或 bridge vlan add dev {tap} vid N pvid untagged，与 {there} 一致；并修改虚拟机 XML（virsh edit {vm}：source bridge、vlan）。或为虚拟机配置 {here} 的地址。",
  },
  explain: {
    en: "A machine asks by ARP for every address of its own subnet and never by its gateway. When part of the subnet is on another segment nobody answers.",
    zh: "对于自身子网内的地址，机器总是通过 ARP 询问而不经过网关。若子网的一部分位于另一个网段，则无人应答。",
  },
  needs: ["ip-link", "libvirt-ifaddr"],
  optional: ["bridge-vlan"],
  subjects: ["vnic"],
  sources: [
    "https://www.rfc-editor.org/rfc/rfc1122#section-3.3.1",
    "https://libvirt.org/formatdomain.html#bridge-to-lan",
    "https://docs.kernel.org/networking/bridge.html",
  ],
  lab: { case: "vlan-segment-split" },
  evaluate(vnic, view) {
    view.fact("ip-link");
    const plug = plugOf(vnic, view.graph);
    if (!plug || isElsewhere(plug.bridge)) return null;
    view.factOrAbsent("libvirt-ifaddr");
    const addresses = ipv4(vnic);
    if (addresses.length === 0) return null;
    const map = segments(view.graph);
    const here = homeOf(plug.bridge, plug.tap.name, map, view);
    for (const address of addresses) {
      const holders = map.subnets.filter((one) => sameSubnet(address, one.base, one.length));
      if (holders.some((one) => same(homeOf(one.node, one.node.name, map, view), here))) continue;
      for (const holder of holders) {
        const there = homeOf(holder.node, holder.node.name, map, view);
        if (!apart(plug.bridge, here, holder.node, there, view.graph)) continue;
        const peers = guests(view.graph).filter(
          (one) =>
            one.vnic.id !== vnic.id &&
            one.addresses.some((other) => sameSubnet(other, holder.base, holder.length)) &&
            same(homeOf(one.bridge, one.tap.name, map, view), there),
        );
        if (peers.length === 0) continue;
        const subnet = `${holder.text}/${holder.length}`;
        return {
          status: "warn",
          params: {
            vm: String(vnic.attributes.vm),
            address,
            tap: plug.tap.name,
            here: nameOf(plug.bridge, here),
            there: nameOf(holder.node, there),
            subnet,
            peers: peers.map((one) => String(one.vnic.attributes.vm)).join(", "),
          },
          evidence: [
            {
              command: commandLine(["virsh", "domifaddr", String(vnic.attributes.vm), "--source", "arp"]),
              excerpt: `${plug.tap.name}  ${String(vnic.attributes.mac ?? "-")}  ipv4  ${address}`,
            },
            {
              command: commandLine(["ip", "-br", "link", "show", "dev", plug.tap.name]),
              excerpt: `${plug.tap.name} master ${plug.bridge.name}`,
            },
            {
              command: commandLine(["ip", "-br", "addr", "show", "dev", holder.node.name]),
              excerpt: `${holder.node.name} ${subnet}`,
            },
          ],
        };
      }
    }
    return pass;
  },
});

type View = CheckView<"ip-link" | "libvirt-ifaddr">;

interface Subnet {
  readonly node: GraphNode;
  readonly text: string;
  readonly base: number;
  readonly length: number;
}

interface Segments {
  /** One node's id stands for each segment. */
  readonly of: ReadonlyMap<string, string>;
  readonly subnets: readonly Subnet[];
}

/** Where a port is: its segment, and its VLAN where the bridge filters. */
interface Home {
  readonly segment: string;
  readonly tag: number | undefined;
}

/** Made once a graph: each guest's own search would cost the square of their number. */
const segments = graphMemo((graph): Segments => {
  const of = new Map<string, string>();
  const subnets: Subnet[] = [];
  for (const kind of ["bridge", "nic", "bond", "vlan"] as const)
    for (const node of graph.ofKind(kind)) {
      if (isElsewhere(node)) continue;
      if (!of.has(node.id)) for (const id of segmentOf(graph, node.id)) of.set(id, node.id);
      for (const address of Array.isArray(node.attributes.addresses) ? node.attributes.addresses : []) {
        const [text = "", bits] = String(address).split("/");
        const base = numeric(text);
        const length = Number(bits);
        if (base !== undefined && length >= 8 && length <= 30) subnets.push({ node, text, base, length });
      }
    }
  return { of, subnets };
});

/** Apart from the segments, and asked for only where a guest seems to be on the wrong one: whoever reads all guests is judged again with each of them. */
const guests = graphMemo((graph) =>
  graph.ofKind("vnic").flatMap((vnic) => {
    const plug = plugOf(vnic, graph);
    return plug ? [{ vnic, ...plug, addresses: ipv4(vnic) }] : [];
  }),
);

function homeOf(node: GraphNode, port: string, map: Segments, view: View): Home {
  const filtering = dataOf(linkNamed(view.fact("ip-link"), node.name), "vlan_filtering") === 1;
  const tag = filtering
    ? pvidOf(view.factIfRead("bridge-vlan")?.find((entry) => entry.ifname === port))?.vlan
    : undefined;
  return { segment: map.of.get(node.id) ?? node.id, tag };
}

const same = (a: Home, b: Home): boolean => a.segment === b.segment && (a.tag ?? b.tag) === (b.tag ?? a.tag);

/** Surely apart, by what this host alone knows. */
function apart(mine: GraphNode, here: Home, holder: GraphNode, there: Home, graph: GraphView): boolean {
  if (here.segment === there.segment)
    return here.tag !== undefined && there.tag !== undefined && here.tag !== there.tag;
  const own = segmentOf(graph, mine.id);
  const doors = [...own].filter((id) => graph.node(id)?.kind === "vlan");
  const wired = [...own].some((id) => {
    const node = graph.node(id);
    return node !== undefined && (isWire(node) || node.kind === "bond" || node.kind === "vxlan");
  });
  if (!wired && doors.length === 0) return true;
  if (wired || doors.length !== 1) return false;
  // One door to one parent: apart from the parent's own untagged segment, and from its other tags.
  const [door = ""] = doors;
  const parent = graph.towardsWire(door).find((edge) => edge.kind === "vlan-parent")?.from;
  const far = segmentOf(graph, holder.id);
  return (
    parent !== undefined &&
    (far.has(parent) ||
      graph
        .towardsGuest(parent)
        .some(
          (edge) =>
            edge.kind === "vlan-parent" &&
            far.has(edge.to) &&
            graph.node(edge.to)?.attributes.vlan !== graph.node(door)?.attributes.vlan,
        ))
  );
}

const nameOf = (node: GraphNode, home: Home): string =>
  home.tag === undefined ? node.name : `${node.name} VLAN ${home.tag}`;

const ipv4 = (vnic: GraphNode): string[] =>
  (Array.isArray(vnic.attributes.addresses) ? vnic.attributes.addresses : [])
    .map(String)
    .filter((address) => numeric(address) !== undefined && !address.startsWith("169.254."));

/** An IPv4 address as a number. By hand, for all addresses of all guests are asked for at each change of a link. */
function numeric(address: string): number | undefined {
  let value = 0;
  let part = -1;
  let parts = 1;
  for (let at = 0; at < address.length; at++) {
    const digit = address.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      part = Math.max(part, 0) * 10 + digit;
      if (part > 255) return undefined;
    } else if (digit === -2 && part >= 0) {
      value = value * 256 + part;
      part = -1;
      parts += 1;
    } else return undefined;
  }
  return parts === 4 && part >= 0 ? value * 256 + part : undefined;
}

function sameSubnet(address: string, base: number, length: number): boolean {
  const value = numeric(address);
  const size = 2 ** (32 - length);
  return value !== undefined && Math.floor(value / size) === Math.floor(base / size);
}
