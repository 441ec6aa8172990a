import { fact, factIfRead } from "../../facts/facts";
import type { FactOf } from "../../probes/registry";
import { stringsIn } from "../links";
import type { GraphNode, Json } from "../model";
import type { GraphBuilder, Pass } from "../pass";
import { reachable } from "../reach";
import { type GraphView, viewOf } from "../view";
import { type Family, type Network, type WaysOut, waysOut } from "../ways-out";

/** Modes of a libvirt network whose packets the host forwards. The other ones bridge, or lead nowhere by design. */
const forwarded: ReadonlySet<string> = new Set(["nat", "route", "open"]);

const families = ["inet", "inet6"] as const;

/** More than this is no memory of ways out, it is a machine that makes new interfaces all the time. */
const most = 64;

/** A bridge with guests whose packets the host routes. */
interface Routed {
  readonly bridge: GraphNode;
  readonly network: Network;
  readonly families: readonly Family[];
  /** libvirt's word; missing where nobody but the kernel tells. */
  readonly mode?: string;
  /** The interfaces that libvirt lets it leave by; empty: any. */
  readonly only: readonly string[];
}

/**
 * The ways by which networks behind the host leave it: from the interface that the host's route leads out by to the
 * bridge of a NAT or routed network. A network has as many as it has default routes, whatever their metric. Its
 * bridge has guests, and libvirt says that it is forwarded, or it has an address, no way of its own to the wire, and
 * the host forwards: so do Docker's networks and those made by hand. A network that libvirt isolates has none.
 *
 * A route that is gone stays as the way that was there last, not present (`lost: "route"`), until another takes its
 * place: the kernel drops the routes of an interface that is set down just when one wants to know who is cut off.
 * Where libvirt wants a network forwarded and the kernel forwards nothing, the way is not present either (`lost:
 * "forwarding"`).
 */
export const pass: Pass = {
  id: "routed",
  after: ["bridges", "details", "expected", "guests", "links", "macvtaps", "ovs", "taps", "veths", "vlans", "vxlans"],
  needs: ["ip-link", "ip-route"],
  optional: ["ip-addr", "ip-rule", "libvirt-networks", "sysctl"],
  run(builder) {
    fact(builder.facts, "ip-route");
    const had = remembered(builder.memory.routed);
    const now = new Map<string, readonly string[]>();
    for (const routed of routedBridges(builder)) {
      const ways = new Map<string, Way>();
      for (const family of routed.families) {
        const known = throughLibvirt(waysOut(builder.facts, routed.network, family), routed.only);
        const key = `${family} ${routed.bridge.id}`;
        const before = had.get(key) ?? [];
        const devs = known.size > 0 ? [...known.keys()].slice(0, most) : before;
        if (devs.length > 0) now.set(key, devs);
        const lost = known.size === 0 ? "route" : forwards(builder, family) ? undefined : "forwarding";
        for (const dev of devs) take(ways, dev, { lost, gateways: [...(known.get(dev) ?? [])] });
      }
      addWays(builder, routed, ways);
    }
    builder.memory.routed = [...now].map(([key, devs]) => [key, ...devs]).sort();
  },
};

interface Way {
  /** Why it does not carry; undefined: it does. */
  readonly lost: "route" | "forwarding" | undefined;
  readonly gateways: readonly string[];
}

/** One family's way by an interface, beside the other's: it carries where either does. */
function take(ways: Map<string, Way>, dev: string, way: Way): void {
  const known = ways.get(dev);
  const lost = known && known.lost === undefined ? undefined : way.lost;
  ways.set(dev, { lost, gateways: [...new Set([...(known?.gateways ?? []), ...way.gateways])].sort() });
}

function addWays(builder: GraphBuilder, { bridge, mode }: Routed, ways: ReadonlyMap<string, Way>): void {
  for (const [dev, { lost, gateways }] of ways) {
    const out = builder.byName(dev);
    if (!out || out.id === bridge.id) continue;
    builder.addEdge({
      kind: "routed",
      from: out.id,
      to: bridge.id,
      present: lost === undefined,
      remembered: lost === "route",
      attributes: {
        ...(mode === undefined ? {} : { mode }),
        ...(lost === undefined ? {} : { lost }),
        ...(gateways.length > 0 ? { gateways } : {}),
      },
    });
  }
}

/** Bridges with something behind them whose packets the host routes, or is meant to. */
function routedBridges(builder: GraphBuilder): Routed[] {
  const networks = factIfRead(builder.facts, "libvirt-networks") ?? [];
  const found: Routed[] = [];
  let graph: GraphView | undefined;
  for (const bridge of [...builder.ofKind("bridge"), ...builder.ofKind("ovs-bridge")]) {
    if (bridge.attributes.netns !== undefined) continue;
    const libvirts = networks.find((one) => one.bridge?.name === bridge.name);
    const routed = libvirts ? byLibvirt(builder, bridge, libvirts) : byKernel(builder, bridge);
    if (!routed) continue;
    graph ??= viewOf(builder.graph);
    const around = [...reachable(graph, [bridge.id])].flatMap((id) =>
      id === bridge.id ? [] : (graph?.shape(id) ?? []),
    );
    if (!around.some(({ kind }) => behind.has(kind))) continue;
    if (libvirts || !around.some(({ isWire }) => isWire)) found.push(routed);
  }
  return found;
}

function byLibvirt(builder: GraphBuilder, bridge: GraphNode, network: FactOf<"libvirt-networks">[number]) {
  const { mode, dev, interfaces = [] } = network.forward ?? {};
  if (!network.active || mode === undefined || !forwarded.has(mode)) return undefined;
  const base = routedBy(builder, bridge);
  return { ...base, mode, only: [...new Set([...(dev === undefined ? [] : [dev]), ...interfaces])] };
}

/** A network that nobody tells of. A bridge that has, or had, an uplink is none. */
function byKernel(builder: GraphBuilder, bridge: GraphNode): Routed | undefined {
  if (bridge.attributes.hadUplink === true) return undefined;
  const base = routedBy(builder, bridge);
  const own = base.families.filter((family) => forwards(builder, family));
  return base.network.addresses.length > 0 && own.length > 0 ? { ...base, families: own, only: [] } : undefined;
}

function routedBy(builder: GraphBuilder, bridge: GraphNode): Pick<Routed, "bridge" | "network" | "families"> {
  const addresses = addressesOn(builder, bridge);
  const network = { bridge: bridge.name, ...vrfOf(builder, bridge), addresses };
  return { bridge, network, families: familiesOf(addresses) };
}

/** What stands behind a bridge when somebody uses it. */
const behind: ReadonlySet<string> = new Set(["vm", "tap", "macvtap", "veth"]);

/** By which families a network can be routed: those of its addresses; IPv4 where none is known. */
function familiesOf(addresses: readonly string[]): readonly Family[] {
  const own = families.filter((family) => addresses.some((one) => one.includes(":") === (family === "inet6")));
  return own.length > 0 ? own : ["inet"];
}

function addressesOn(builder: GraphBuilder, bridge: GraphNode): string[] {
  const held = factIfRead(builder.facts, "ip-addr")?.find((entry) => entry.ifindex === bridge.attributes.ifindex);
  return (held?.addr_info ?? []).flatMap((one) => (one.scope === "global" ? [`${one.local}/${one.prefixlen}`] : []));
}

/** Table of the VRF that the bridge is in. */
function vrfOf(builder: GraphBuilder, bridge: GraphNode): { readonly vrf?: string } {
  const { master } = bridge.attributes;
  if (typeof master !== "string") return {};
  const link = factIfRead(builder.facts, "ip-link")?.find((one) => one.ifname === master);
  const table = link?.linkinfo?.info_kind === "vrf" ? link.linkinfo.info_data?.table : undefined;
  return typeof table === "number" || typeof table === "string" ? { vrf: String(table) } : {};
}

/**
 * Whether the kernel forwards packets of this family. Taken for granted where it was not read: a network that is
 * forwarded is the usual case.
 */
function forwards(builder: GraphBuilder, family: Family): boolean {
  const values = factIfRead(builder.facts, "sysctl")?.values;
  return (family === "inet" ? values?.["net.ipv4.ip_forward"] : values?.["net.ipv6.conf.all.forwarding"]) !== 0;
}

/** libvirt lets a network with `<forward dev=...>` leave by that interface only, wherever the routes lead. */
function throughLibvirt(ways: WaysOut, only: readonly string[]): WaysOut {
  if (only.length === 0) return ways;
  return new Map(only.map((dev) => [dev, ways.get(dev) ?? new Set<string>()]));
}

/** Lists of a family with a bridge's id, and the interfaces of its ways out. */
const remembered = (value: Json | undefined): ReadonlyMap<string, readonly string[]> =>
  new Map(
    (Array.isArray(value) ? (value as readonly Json[]) : []).flatMap((entry) => {
      const [key, ...devs] = stringsIn(entry);
      return key === undefined ? [] : [[key, devs] as const];
    }),
  );
