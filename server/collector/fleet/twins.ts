import type { Facts } from "@/lib/facts/facts";
import type { GraphView } from "@/lib/graph/view";
import type { FleetTwin } from "@/lib/probes/fleet-twins";

const none = "00:00:00:00:00:00";

/** What is looked at of one host. */
export interface Seen {
  readonly name: string;
  /** Demo hosts and real ones are two worlds. */
  readonly demo: boolean;
  /** Only what a host says now counts: its guests may have moved since it was lost. */
  readonly live: boolean;
  readonly graph: GraphView;
  readonly facts: Facts;
}

interface Member {
  readonly name: string;
  readonly demo: boolean;
  /** Owners of MACs on this host, by MAC. */
  readonly owners: ReadonlyMap<string, Pick<FleetTwin, "vm" | "uuid">>;
  readonly guests: ReadonlySet<string>;
  /** MACs whose other owners matter here: those of its guests, and those that answered when it asked for an address. */
  readonly wants: ReadonlySet<string>;
}

/**
 * Which MACs are owned on more than one host, kept up to date host by host: one index by MAC, so that a change costs what it touches and not the size of the fleet. Whether two
 * hosts share a segment is not judged here; the checks look for proof of it.
 */
export class Twins {
  readonly #members = new Map<string, Member>();
  readonly #owning = new Map<string, Set<string>>();
  readonly #wanting = new Map<string, Set<string>>();

  /** Takes what a host shows now. Returns the hosts for which `of` may give something else than before. */
  take(id: string, seen: Seen): string[] {
    return this.#put(id, seen.live ? memberOf(seen) : undefined);
  }

  /** Forgets a host; returns as `take`. */
  drop(id: string): string[] {
    return this.#put(id, undefined).filter((other) => other !== id);
  }

  /** Owners elsewhere of what matters to this host, in a steady order. */
  of(id: string): FleetTwin[] {
    const own = this.#members.get(id);
    if (!own) return [];
    const found: FleetTwin[] = [];
    for (const mac of [...own.wants].sort())
      for (const other of [...(this.#owning.get(mac) ?? [])].sort()) {
        const member = this.#members.get(other);
        const owner = member?.owners.get(mac);
        if (other === id || !member || !owner || member.demo !== own.demo) continue;
        // What is around matters only to who has to tell whether the two ever meet.
        const near = own.guests.has(mac) ? [...member.owners.keys()].sort() : [];
        found.push({ mac, host: member.name, ...owner, near });
      }
    return found;
  }

  #put(id: string, member: Member | undefined): string[] {
    const before = this.#members.get(id);
    if (member) this.#members.set(id, member);
    else this.#members.delete(id);
    move(this.#wanting, id, before?.wants, member?.wants);
    move(this.#owning, id, before && new Set(before.owners.keys()), member && new Set(member.owners.keys()));
    if (sameMember(before, member)) return [];
    const touched = new Set([id]);
    for (const owners of [before?.owners, member?.owners])
      for (const mac of owners?.keys() ?? []) for (const other of this.#wanting.get(mac) ?? []) touched.add(other);
    return [...touched];
  }
}

function memberOf({ name, demo, graph, facts }: Seen): Member {
  const owners = new Map<string, Pick<FleetTwin, "vm" | "uuid">>();
  const guests = new Set<string>();
  for (const kind of ["nic", "bond", "vlan", "bridge", "ovs-bridge"] as const)
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
    // A guest that is paused, as one that is just arriving is, sends nothing.
    if (guest?.state !== undefined && guest.state !== "running") continue;
    owners.set(mac, { vm, ...(typeof guest?.uuid === "string" ? { uuid: guest.uuid } : {}) });
  }
  const asked = facts["arp-owners"];
  const heard = asked?.ok ? asked.value.flatMap((one) => one.macs) : [];
  return { name, demo, owners, guests, wants: new Set([...guests, ...heard]) };
}

function move(
  index: Map<string, Set<string>>,
  id: string,
  before: ReadonlySet<string> | undefined,
  after: ReadonlySet<string> | undefined,
): void {
  for (const mac of before ?? []) {
    if (after?.has(mac)) continue;
    const ids = index.get(mac);
    ids?.delete(id);
    if (ids?.size === 0) index.delete(mac);
  }
  for (const mac of after ?? []) {
    const ids = index.get(mac);
    if (ids) ids.add(id);
    else index.set(mac, new Set([id]));
  }
}

function sameMember(a: Member | undefined, b: Member | undefined): boolean {
  if (!a || !b) return a === b;
  const sameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    one.size === other.size && [...one].every((mac) => other.has(mac));
  return (
    a.name === b.name &&
    a.demo === b.demo &&
    sameSet(a.wants, b.wants) &&
    sameSet(a.guests, b.guests) &&
    a.owners.size === b.owners.size &&
    [...a.owners].every(([mac, owner]) => {
      const other = b.owners.get(mac);
      return other !== undefined && other.vm === owner.vm && other.uuid === owner.uuid;
    })
  );
}
