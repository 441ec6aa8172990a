import { type Facts, factIfRead } from "../facts/facts";
import { holds, subnetNamed, subnetText } from "../graph/ipv4";
import type { GraphNode } from "../graph/model";
import { isWire } from "../graph/reach";
import { portsOf, segmentOf } from "../graph/segments";
import type { GraphView } from "../graph/view";

/** Something that two segments can have in common only where they are one: equal keys, one segment. */
export type Mark =
  /** A VLAN at a switch, as its port announces it by LLDP. */
  | { readonly kind: "switch"; readonly key: string; readonly system: string; readonly vlan: number }
  /** A router's interface: its MAC, in a subnet. */
  | { readonly kind: "router"; readonly key: string; readonly address: string; readonly subnet: string }
  /** A VXLAN between two ends that name each other, or over a multicast group. */
  | { readonly kind: "tunnel"; readonly key: string; readonly vni: number; readonly ends: string };

/** A host's part in a layer-2 segment that leads off the host. */
export interface HostSegment {
  /** Its name within the fleet: the node and the tag. */
  readonly ref: string;
  /** Id of the node that stands for it: a bridge, else the interface that has the host's address. */
  readonly at: string;
  readonly name: string;
  /** Tag on the host's wire; missing: untagged. */
  readonly vlan?: number;
  /** Guests that are plugged in, by name. */
  readonly guests: readonly { readonly id: string; readonly name: string }[];
  /**
   * Who is in it with which MAC: the guest's name, or "" for the host. Only MACs that are in no other segment of the
   * host.
   */
  readonly macs: ReadonlyMap<string, string>;
  /**
   * MACs that were heard from outside, with the time at which they left the tables, Unix ms; infinite while they are
   * there.
   */
  readonly heard: ReadonlyMap<string, number>;
  readonly marks: readonly Mark[];
}

/**
 * What was heard counts for this long after it has left the table: bridges forget a silent neighbour after five
 * minutes, and it is no further away for that.
 */
const heardMs = 15 * 60_000;
/** More of them tell nothing new, and a host that is flooded with made-up addresses must not fill our memory. */
const mostHeard = 512;
/** MACs that routers share by protocol (VRRP, HSRP, GLBP, CARP): the same ones are behind many segments. */
const virtualRouter = /^(?:00:00:5e:00:0[12]:|00:00:0c:07:ac:|00:00:0c:9f:f|00:07:b4:00:)/;

/**
 * The segments of a host that lead off it, with all that tells which of them are one with another host's. Gives
 * `before` where it is the same.
 */
export function segmentsOf(
  graph: GraphView,
  facts: Facts,
  before: readonly HostSegment[],
  at: number,
): readonly HostSegment[] {
  const domains = new Domains(graph, facts);
  const drafts = new Map<string, Draft>();
  const draftOf = ({ domain, tag }: Place): Draft => {
    const key = `${domain} ${tag}`;
    const draft = drafts.get(key) ?? newDraft({ domain, tag });
    drafts.set(key, draft);
    return draft;
  };
  for (const [domain, nodes] of domains.nodes.entries())
    for (const node of nodes) draftOf(domains.placeOf(domain)).nodes.push(node);
  for (const vnic of graph.ofKind("vnic")) addGuest(vnic, graph, domains, draftOf);
  addHeard(facts, domains, draftOf);
  addGateways(graph, domains, draftOf);
  for (const draft of drafts.values()) addMarks(draft, graph, domains);
  const old = new Map(before.map((segment) => [segment.ref, segment]));
  const shared = macsTwice(drafts.values());
  const segments = [...drafts.values()]
    .flatMap((draft) => finished(draft, domains, shared, old, at))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const same = segments.length === before.length && segments.every((segment, place) => segment === before[place]);
  return same ? before : segments;
}

/** Where something is: a layer-2 domain of the host, and the tag that it has on that domain's wires; 0: none. */
interface Place {
  readonly domain: number;
  readonly tag: number;
}

interface Draft {
  readonly place: Place;
  readonly nodes: GraphNode[];
  readonly guests: Map<string, string>;
  readonly macs: Map<string, string>;
  readonly heard: Set<string>;
  readonly marks: Map<string, Mark>;
}

const newDraft = (place: Place): Draft => ({
  place,
  nodes: [],
  guests: new Map(),
  macs: new Map(),
  heard: new Set(),
  marks: new Map(),
});

/** Kinds of node that a segment of the host's own namespace is made of; the first that is there stands for it. */
const parts = ["bridge", "ovs-bridge", "vlan", "vxlan", "bond", "nic", "veth"] as const;
const rank = new Map<string, number>(parts.map((kind, place) => [kind, place]));

/** The host's layer-2 domains: what frames pass between without a tag. */
class Domains {
  /** Interfaces of the host itself, by domain. */
  readonly nodes: GraphNode[][] = [];
  readonly #of = new Map<string, number>();
  readonly #places = new Map<number, Place>();
  readonly #byName = new Map<string, GraphNode>();
  readonly #vlans;

  constructor(
    readonly graph: GraphView,
    facts: Facts,
  ) {
    this.#vlans = new Map((factIfRead(facts, "bridge-vlan") ?? []).map((port) => [port.ifname, port.vlans]));
    for (const kind of parts)
      for (const node of graph.ofKind(kind)) {
        if (node.attributes.netns !== undefined) continue;
        this.#byName.set(node.name, node);
        const known = this.#of.get(node.id);
        if (known !== undefined) this.nodes[known]?.push(node);
        else {
          for (const id of segmentOf(graph, node.id)) this.#of.set(id, this.nodes.length);
          this.nodes.push([node]);
        }
      }
  }

  of(id: string): number | undefined {
    return this.#of.get(id);
  }

  named(name: string | undefined): GraphNode | undefined {
    return this.#byName.get(name ?? "");
  }

  /**
   * A domain behind a VLAN interface is that VLAN on the wires of the interface below. One with wires of its own, or
   * with several such doors, is what it is.
   */
  placeOf(domain: number): Place {
    const known = this.#places.get(domain);
    if (known) return known;
    const self = { domain, tag: 0 };
    // Against circles, which no kernel makes.
    this.#places.set(domain, self);
    const doors = (this.nodes[domain] ?? []).flatMap((node) => (node.kind === "vlan" ? this.#belowVlan(node) : []));
    const [door] = doors;
    const place = door && doors.length === 1 && this.wiresOf(domain).length === 0 ? door : self;
    this.#places.set(domain, place);
    return place;
  }

  #belowVlan(node: GraphNode): Place[] {
    const { vlan } = node.attributes;
    const below = this.graph.towardsWire(node.id).find((edge) => edge.kind === "vlan-parent")?.from;
    const domain = below === undefined ? undefined : this.of(below);
    if (typeof vlan !== "number" || domain === undefined) return [];
    // A tag within a tag: nobody announces those.
    return this.placeOf(domain).tag === 0 ? [{ domain, tag: vlan }] : [];
  }

  wiresOf(domain: number): GraphNode[] {
    return (this.nodes[domain] ?? []).filter((node) => isWire(node));
  }

  /**
   * The place of what a port with this VLAN sends and gets. Where the uplink sends the VLAN without a tag, the wire
   * knows none.
   */
  tagged(domain: number, vlan: number | undefined): Place {
    const own = this.placeOf(domain);
    if (vlan === undefined || own.domain !== domain) return own;
    const untagged = (this.nodes[domain] ?? []).some((node) =>
      this.#vlans
        .get(node.name)
        ?.some((entry) => this.#isUplink(node) && entry.vlan === vlan && entry.flags?.includes("Egress Untagged")),
    );
    return untagged ? own : { domain, tag: vlan };
  }

  #isUplink(node: GraphNode): boolean {
    return this.graph.towardsGuest(node.id).some((edge) => edge.kind === "uplink");
  }

  /** The VLAN in which the frames of a guest's port are, on a switch that tells VLANs apart. */
  vlanOf(vnic: string): number | undefined {
    const ports = portsOf(this.graph, vnic);
    const tag = ports.find((port) => port.kind === "ovs-port")?.attributes.tag;
    if (typeof tag === "number") return tag;
    if (!ports.some((port) => this.tellsVlans(port))) return undefined;
    const own = ports.flatMap((port) => this.#vlans.get(port.name) ?? []);
    return own.find((entry) => entry.flags?.includes("PVID"))?.vlan;
  }

  tellsVlans(node: GraphNode | undefined): boolean {
    return node?.kind === "bridge" && node.attributes.vlanFiltering === 1;
  }
}

type DraftOf = (place: Place) => Draft;

function addGuest(vnic: GraphNode, graph: GraphView, domains: Domains, draftOf: DraftOf): void {
  const domain = domains.of(vnic.id);
  const vm = graph.towardsGuest(vnic.id).find((edge) => edge.kind === "vnic-vm")?.to;
  const guest = vm === undefined ? undefined : graph.node(vm);
  if (domain === undefined || !guest || !graph.towardsWire(vnic.id).some((edge) => edge.kind === "tap-vnic")) return;
  const draft = draftOf(domains.tagged(domain, domains.vlanOf(vnic.id)));
  draft.guests.set(guest.id, guest.name);
  if (typeof vnic.attributes.mac === "string") draft.macs.set(vnic.attributes.mac, guest.name);
}

/** Addresses that bridges have learned on their uplinks, and those of the host's neighbours. */
function addHeard(facts: Facts, domains: Domains, draftOf: DraftOf): void {
  for (const entry of factIfRead(facts, "bridge-fdb") ?? []) {
    const port = domains.named(entry.ifname);
    const domain = port && domains.of(port.id);
    const isLearned = entry.state === "" || entry.state === "reachable" || entry.state === "stale";
    if (domain === undefined || !isLearned || entry.flags.includes("self")) continue;
    draftOf(domains.tagged(domain, domains.tellsVlans(domains.named(entry.master)) ? entry.vlan : undefined)).heard.add(
      entry.mac,
    );
  }
  for (const entry of factIfRead(facts, "ip-neigh") ?? []) {
    const holder = domains.named(entry.dev);
    const domain = holder && domains.of(holder.id);
    if (domain === undefined || entry.lladdr === undefined || entry.state.includes("FAILED")) continue;
    draftOf(domains.placeOf(domain)).heard.add(entry.lladdr);
  }
}

function addGateways(graph: GraphView, domains: Domains, draftOf: DraftOf): void {
  for (const gateway of graph.ofKind("gateway")) {
    const { mac, address } = gateway.attributes;
    const holder = graph.node(graph.towardsGuest(gateway.id).find((edge) => edge.kind === "gateway")?.to ?? "");
    const domain = holder && domains.of(holder.id);
    if (domain === undefined || typeof mac !== "string" || typeof address !== "string") continue;
    if (virtualRouter.test(mac)) continue;
    const subnet = addressesOf(holder)
      .flatMap((one) => subnetNamed(one) ?? [])
      .find((one) => holds(one, address));
    if (!subnet) continue;
    const text = subnetText(subnet);
    const mark: Mark = { kind: "router", key: `gateway ${mac} ${text}`, address, subnet: text };
    draftOf(domains.placeOf(domain)).marks.set(mark.key, mark);
  }
}

const addressesOf = (node: GraphNode | undefined): string[] => {
  const { addresses } = node?.attributes ?? {};
  return Array.isArray(addresses) ? addresses.filter((one): one is string => typeof one === "string") : [];
};

/** What the switches announce at the wires, the tunnels, and the host's own MACs. */
function addMarks(draft: Draft, graph: GraphView, domains: Domains): void {
  const { domain, tag } = draft.place;
  for (const wire of domains.wiresOf(domain))
    for (const edge of graph.towardsWire(wire.id)) {
      const port = edge.kind === "lldp" && !edge.remembered ? graph.node(edge.from)?.attributes : undefined;
      const vlan = tag > 0 ? tag : port?.pvid;
      if (!port || typeof port.chassis !== "string" || typeof vlan !== "number") continue;
      // The port does not carry it: what the host sends there arrives nowhere.
      if (Array.isArray(port.vlans) && port.vlans.length > 0 && !port.vlans.includes(vlan)) continue;
      const system = typeof port.system === "string" ? port.system : port.chassis;
      const mark: Mark = { kind: "switch", key: `switch ${port.chassis} ${vlan}`, system, vlan };
      draft.marks.set(mark.key, mark);
    }
  for (const node of draft.nodes) {
    if (addressesOf(node).length > 0 && typeof node.attributes.mac === "string")
      draft.macs.set(node.attributes.mac, "");
    const mark = node.kind === "vxlan" ? tunnelOf(node, graph) : undefined;
    if (mark) draft.marks.set(mark.key, mark);
  }
}

function tunnelOf(node: GraphNode, graph: GraphView): Mark | undefined {
  const { vni, local, remote, group, port } = node.attributes;
  if (typeof vni !== "number") return undefined;
  if (typeof group === "string")
    return { kind: "tunnel", key: `tunnel ${vni} ${String(port ?? "")} ${group}`, vni, ends: group };
  if (typeof remote !== "string") return undefined;
  const below = graph.towardsWire(node.id).find((edge) => edge.kind === "underlay")?.from;
  const own = addressesOf(graph.node(below ?? "")).map((one) => one.split("/")[0] ?? one);
  const end = typeof local === "string" ? local : own.length === 1 ? own[0] : undefined;
  if (end === undefined) return undefined;
  const ends = [end, remote].sort().join(" - ");
  return { kind: "tunnel", key: `tunnel ${vni} ${String(port ?? "")} ${ends}`, vni, ends };
}

/** MACs that stand in more than one segment of the host: whoever hears one of them cannot tell which. */
function macsTwice(drafts: Iterable<Draft>): ReadonlySet<string> {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const { macs } of drafts) for (const mac of macs.keys()) (once.has(mac) ? twice : once).add(mac);
  return twice;
}

function finished(
  draft: Draft,
  domains: Domains,
  shared: ReadonlySet<string>,
  old: ReadonlyMap<string, HostSegment>,
  at: number,
): HostSegment[] {
  const { place, nodes, guests, marks } = draft;
  const [first] = [...(nodes.length > 0 ? nodes : (domains.nodes[place.domain] ?? []))].sort(
    (a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const leadsOff = domains.wiresOf(place.domain).length > 0 || marks.size > 0;
  const isUsed = guests.size > 0 || nodes.some((node) => addressesOf(node).length > 0);
  if (!first || !leadsOff || !isUsed) return [];
  const ref = `${first.id} ${place.tag}`;
  const before = old.get(ref);
  const macs = new Map([...draft.macs].filter(([mac]) => !shared.has(mac)).sort());
  const made: HostSegment = {
    ref,
    at: first.id,
    name: first.name,
    ...(place.tag > 0 ? { vlan: place.tag } : {}),
    guests: [...guests]
      .map(([id, name]) => ({ id, name }))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1)),
    macs,
    heard: heardNow(draft.heard, draft.macs, before?.heard ?? new Map(), at),
    marks: [...marks.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
  return [before && sameSegment(before, made) ? before : made];
}

function heardNow(
  heard: ReadonlySet<string>,
  own: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, number>,
  at: number,
): ReadonlyMap<string, number> {
  const now = new Map<string, number>();
  const keep = (mac: string, left: number) => {
    if (!now.has(mac) && !own.has(mac) && now.size < mostHeard) now.set(mac, left);
  };
  for (const mac of heard) keep(mac, Number.POSITIVE_INFINITY);
  for (const [mac, left] of before) {
    const since = Math.min(left, at);
    if (at - since < heardMs) keep(mac, since);
  }
  return now;
}

function sameSegment(a: HostSegment, b: HostSegment): boolean {
  return (
    a.at === b.at &&
    a.name === b.name &&
    a.guests.length === b.guests.length &&
    a.guests.every((guest, place) => guest.id === b.guests[place]?.id && guest.name === b.guests[place]?.name) &&
    sameMap(a.macs, b.macs) &&
    sameMap(a.heard, b.heard) &&
    a.marks.length === b.marks.length &&
    a.marks.every((mark, place) => mark.key === b.marks[place]?.key)
  );
}

const sameMap = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.has(key) && b.get(key) === value);
