import { type Facts, factIfRead } from "../facts/facts";
import { addressKinds } from "../graph/kinds";
import type { GraphView } from "../graph/view";
import type { ProbeId } from "../probes/registry";
import { type HostSegment, segmentsOf } from "./host-segments";

/** Who has a MAC on a host: a guest, or, where nothing is said, an interface of the host itself. */
export interface Owner {
  readonly vm?: string;
  readonly uuid?: string;
}

/**
 * What the others of the fleet need to know of one host. Made by its engine, and another object only where something
 * in it differs.
 */
export interface HostSummary {
  /**
   * Who owns which MAC now, by MAC in lower case. A guest that is paused, as one that is just arriving is, owns none.
   */
  readonly owners: ReadonlyMap<string, Owner>;
  /** MACs of its guests that are plugged in, paused ones included. */
  readonly guests: ReadonlySet<string>;
  /** MACs that answered when the host asked for an address. */
  readonly answered: ReadonlySet<string>;
  /** Layer-2 segments that lead off the host, with its part in them. */
  readonly segments: readonly HostSegment[];
}

/** A host as the fleet's passes see it. */
export interface HostNow {
  readonly name: string;
  /** Demo hosts and real ones are two worlds. */
  readonly demo: boolean;
  /** It answers: what a lost host said last may be over. */
  readonly live: boolean;
  readonly summary: HostSummary;
}

const none = "00:00:00:00:00:00";

/** Facts that a summary is made of beside the graph. */
const read = ["arp-owners", "bridge-fdb", "bridge-vlan", "ip-neigh"] as const satisfies readonly ProbeId[];

/**
 * Keeps the summary of one host up to date: looks again only where what it is made of is another object, and gives
 * the same object while it says the same.
 */
export class Summary {
  #graph: GraphView | undefined;
  #facts: readonly unknown[] = [];
  #now: HostSummary = { owners: new Map(), guests: new Set(), answered: new Set(), segments: [] };

  /** `facts` as the graph's passes have them: the same objects where nothing but counters and ages has moved. */
  take(graph: GraphView, facts: Facts, at: number): HostSummary {
    const made = read.map((probe) => facts[probe]);
    if (graph === this.#graph && made.every((fact, place) => fact === this.#facts[place])) return this.#now;
    this.#graph = graph;
    this.#facts = made;
    const next: HostSummary = {
      ...ownersOf(graph),
      answered: new Set((factIfRead(facts, "arp-owners") ?? []).flatMap((one) => one.macs)),
      segments: segmentsOf(graph, facts, this.#now.segments, at),
    };
    if (!sameSummary(this.#now, next)) this.#now = next;
    return this.#now;
  }
}

function ownersOf(graph: GraphView): Pick<HostSummary, "owners" | "guests"> {
  const owners = new Map<string, Owner>();
  const guests = new Set<string>();
  for (const kind of addressKinds)
    for (const { attributes } of graph.ofKind(kind))
      if (typeof attributes.mac === "string" && attributes.mac !== none && attributes.netns === undefined)
        owners.set(attributes.mac, {});
  for (const vnic of graph.ofKind("vnic")) {
    const { mac, vm } = vnic.attributes;
    if (typeof mac !== "string" || mac === none || typeof vm !== "string") continue;
    if (!graph.towardsWire(vnic.id).some((edge) => edge.kind === "tap-vnic")) continue;
    const run = graph.towardsGuest(vnic.id).find((edge) => edge.kind === "vnic-vm");
    const guest = run && graph.node(run.to)?.attributes;
    guests.add(mac);
    if (guest?.state !== undefined && guest.state !== "running") continue;
    owners.set(mac, { vm, ...(typeof guest?.uuid === "string" ? { uuid: guest.uuid } : {}) });
  }
  return { owners, guests };
}

export const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((item) => b.has(item));

function sameSummary(a: HostSummary, b: HostSummary): boolean {
  return (
    sameSet(a.guests, b.guests) &&
    sameSet(a.answered, b.answered) &&
    a.segments === b.segments &&
    a.owners.size === b.owners.size &&
    [...a.owners].every(([mac, owner]) => {
      const other = b.owners.get(mac);
      return other !== undefined && other.vm === owner.vm && other.uuid === owner.uuid;
    })
  );
}
