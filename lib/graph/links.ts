import { type Facts, factIfRead } from "../facts/facts";
import type { Link } from "../probes/ip-link";
import type { ValuesOf } from "./attributes";
import { escapeName } from "./identity";
import type { interfaceAttributes } from "./interface-attributes";
import { deviceKind, type NodeKind, nodeKind, nodeKinds, otherKind } from "./kinds";
import type { Json } from "./model";
import type { GraphBuilder } from "./pass";

/** A link with the network namespace it was seen in; "" is the host's own. */
export interface PlacedLink {
  readonly link: Link;
  readonly netns: string;
  /** See Netns. */
  readonly nspid?: number;
}

/** What the kernel gives only to devices that it did not make up itself; tells a real NIC from a virtual interface without a kind. */
export interface LinkWorld {
  /** This kernel and iproute2 name the parent device (bus) of at least one link: then a link without one has none. */
  readonly namesParents: boolean;
  /** Interfaces of the host's own namespace that have a device in /sys/class/net, where that was read. */
  readonly devices: ReadonlySet<string> | undefined;
}

export function linkWorld(links: readonly Link[], facts: Facts): LinkWorld {
  const sysfs = factIfRead(facts, "sysfs-net");
  return {
    namesParents: links.some((link) => link.parentdev !== undefined),
    devices: sysfs ? new Set(sysfs.flatMap((entry) => (entry.device ? [entry.ifname] : []))) : undefined,
  };
}

/** Kind of node that an interface becomes. A tun device without Ethernet (VPN), lo, dummy, tunnels and the like are `other-link`. */
export function kindOf({ link, netns }: PlacedLink, world: LinkWorld): NodeKind {
  const infoKind = link.linkinfo?.info_kind;
  if (infoKind !== undefined)
    return (
      ofInfoKind.get(infoKind)?.find(({ type }) => !type || link.linkinfo?.info_data?.type === type)?.kind ?? otherKind
    );
  return link.link_type !== "loopback" && isDevice({ link, netns }, world) ? deviceKind : otherKind;
}

/** Which kinds the kernel's kinds of interface become: each kind of node says it of itself. */
const ofInfoKind = new Map<string, { readonly kind: NodeKind; readonly type: string | undefined }[]>();
for (const kind of nodeKinds) {
  const { links } = nodeKind[kind];
  if (typeof links !== "object") continue;
  const same = ofInfoKind.get(links.infoKind) ?? [];
  // One that asks for a type goes before one that takes every type.
  ofInfoKind.set(
    links.infoKind,
    links.type ? [{ kind, type: links.type }, ...same] : [...same, { kind, type: undefined }],
  );
}

function isDevice({ link, netns }: PlacedLink, world: LinkWorld): boolean {
  if (link.parentdev !== undefined) return true;
  if (netns === "" && world.devices) return world.devices.has(link.ifname);
  // Nothing names parents here: Ethernet or InfiniBand without a kind is then a device, for what the kernel makes up has a kind.
  return !world.namesParents && (link.link_type === "ether" || link.link_type === "infiniband");
}

/** The address that the hardware came with, where known: bond members carry the bond's. */
export function permanentMac(link: Link): string | undefined {
  const slave = link.linkinfo?.info_slave_data?.perm_hwaddr;
  return link.permaddr ?? (typeof slave === "string" ? slave : undefined) ?? link.address;
}

/** Identities of an interface, strongest first. Only NICs have more than their name: everything else is made, and found again, by name. */
export function linkKeys(placed: PlacedLink, kind: NodeKind): [string, ...string[]] {
  const { link, netns } = placed;
  const where = netns === "" ? "" : `@${escapeName(netns)}:`;
  const name = `${kind}:${where}name:${link.ifname}`;
  if (kind !== deviceKind) return [name];
  const mac = permanentMac(link);
  const device = link.parentdev;
  const keys = [
    ...(mac && device ? [`${kind}:${where}mac:${mac}:dev:${device}`] : []),
    ...(mac ? [`${kind}:${where}mac:${mac}`] : []),
    ...(device ? [`${kind}:${where}dev:${device}`] : []),
    name,
  ];
  return [keys[0] ?? name, ...keys.slice(1)];
}

/** What stands after `<host>/<kind>/`: the name, in a namespace `<netns>/<name>`. */
export const linkPath = ({ link, netns }: PlacedLink): string =>
  netns === "" ? escapeName(link.ifname) : `${escapeName(netns)}/${escapeName(link.ifname)}`;

/**
 * Attributes that every interface node has. No counters and no ages: they change with every reading, and each change would travel to every browser.
 * `carrier` is null while the interface is administratively down: the kernel does not know it then.
 */
export function linkAttributes(placed: PlacedLink): LinkAttributes {
  const known = placed.netns === "" ? attributesOf.get(placed.link) : undefined;
  if (known) return known;
  const made = makeAttributes(placed);
  if (placed.netns === "") attributesOf.set(placed.link, made);
  return made;
}

/** Entries that did not change are the same objects from reading to reading (see `steady` of the engine): so are their attributes then. */
const attributesOf = new WeakMap<Link, LinkAttributes>();

/** See lib/graph/interface-attributes.ts. */
type LinkAttributes = ValuesOf<typeof interfaceAttributes>;

function makeAttributes({ link, netns, nspid }: PlacedLink): LinkAttributes {
  const up = link.flags.includes("UP");
  // Assigned one by one: this runs for every interface at every build, and spreading costs ten times as much.
  const attributes: { -readonly [N in keyof LinkAttributes]: LinkAttributes[N] } = {
    ifindex: link.ifindex,
    flags: link.flags,
    up,
    carrier: up ? link.flags.includes("LOWER_UP") : null,
    operstate: link.operstate,
    mtu: link.mtu,
  };
  if (netns !== "") attributes.netns = netns;
  if (nspid !== undefined) attributes.netnsPid = nspid;
  if (link.address !== undefined) attributes.mac = link.address;
  if (link.permaddr !== undefined) attributes.permanentMac = link.permaddr;
  if (link.master !== undefined) attributes.master = link.master;
  if (link.linkinfo?.info_kind !== undefined) attributes.linkKind = link.linkinfo.info_kind;
  if (link.linkinfo?.info_slave_kind !== undefined) attributes.slaveKind = link.linkinfo.info_slave_kind;
  if (link.parentbus !== undefined) attributes.bus = link.parentbus;
  if (link.parentdev !== undefined) attributes.device = link.parentdev;
  if (link.qdisc !== undefined) attributes.qdisc = link.qdisc;
  if (link.altnames?.length) attributes.altnames = link.altnames;
  if (link.link_type === "loopback") attributes.loopback = true;
  if (link.xdp !== undefined) attributes.xdp = true;
  return attributes;
}

/** `{ [name]: value }`, or nothing where there is no value. */
export function optional<N extends string, V>(name: N, value: V | undefined): { readonly [key in N]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in N]: V });
}

/** Without the fields that have no value. */
export const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

/** Links of the host's own namespace and, where they were read, of the named ones. Throws Unread where the own ones were not read. */
export function placedLinks(builder: GraphBuilder, links: readonly Link[]): PlacedLink[] {
  const placed: PlacedLink[] = links.map((link) => ({ link, netns: "" }));
  for (const netns of netnsOf(builder.facts))
    for (const link of netns.links) placed.push({ link, netns: netns.name, nspid: netns.pid });
  return placed;
}

export interface Netns {
  readonly name: string;
  readonly links: readonly Link[];
  readonly nsid?: number;
  /** A process inside, of a namespace without a name: the way in. */
  readonly pid?: number;
}

/** Other network namespaces and what is in them, where they were read (needs root). */
export function netnsOf(facts: Facts): readonly Netns[] {
  return (factIfRead(facts, "netns") ?? []).map(({ name, links, nsid, named, pid }) => ({
    name,
    links: links ?? [],
    nsid,
    pid: named ? undefined : pid,
  }));
}

/**
 * Interfaces that are the local ports of Open vSwitch bridges: they are the bridge's own node (pass `ovs`), and one interface is never two nodes.
 */
export function isOvsBridge({ link, netns }: PlacedLink, facts: Facts): boolean {
  if (netns !== "") return false;
  const ovs = factIfRead(facts, "ovs");
  return ovs?.bridges.some((bridge) => bridge.name === link.ifname) ?? false;
}

/** The strings of a list kept in memory; anything else is no memory. */
export const stringsIn = (value: Json | undefined): string[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter((part) => typeof part === "string") : [];
