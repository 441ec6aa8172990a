import { sameJson } from "../../facts/equal";
import type { DuplicateOwner } from "../../probes/duplicate-owners";
import { IndexOf } from "../index-of";
import { type HostNow, type HostSummary, sameSet } from "../summary";
import type { FleetPass, FleetWork } from "./define";

/**
 * Which MACs are owned on more than one host: told to each host for those of its guests, and for those that answered
 * when it asked for an address. Only what a host says now counts: its guests may have moved since it was lost.
 * Whether two hosts share a segment is not judged here; the checks look for proof of it.
 */
export const pass: FleetPass = {
  id: "duplicate-owners",
  tells: "duplicate-owners",
  start: () => new Duplicates(),
};

interface Member {
  readonly name: string;
  readonly demo: boolean;
  readonly owners: HostSummary["owners"];
  readonly guests: HostSummary["guests"];
  /** MACs whose other owners matter here. */
  readonly wants: ReadonlySet<string>;
}

class Duplicates implements FleetWork<DuplicateOwner[]> {
  readonly #members = new Map<string, Member>();
  readonly #owning = new IndexOf();
  readonly #wanting = new IndexOf();
  /** Hosts for which another value may hold than the one that was given last. */
  readonly #touched = new Set<string>();
  readonly #given = new Map<string, DuplicateOwner[]>();

  take(host: string, now: HostNow | undefined): void {
    const before = this.#members.get(host);
    const member = now?.live ? memberOf(now) : undefined;
    if (sameMember(before, member)) return;
    if (member) this.#members.set(host, member);
    else this.#members.delete(host);
    this.#wanting.move(host, before?.wants ?? [], member?.wants ?? new Set());
    this.#owning.move(host, before?.owners.keys() ?? [], new Set(member?.owners.keys()));
    this.#touched.add(host);
    for (const mac of movedMacs(before, member)) for (const other of this.#wanting.of(mac)) this.#touched.add(other);
  }

  changed(): ReadonlyMap<string, DuplicateOwner[] | undefined> {
    const changed = new Map<string, DuplicateOwner[] | undefined>();
    for (const host of this.#touched) {
      const value = this.#valueOf(host);
      if (sameJson(this.#given.get(host) ?? [], value)) continue;
      changed.set(host, value);
      if (value.length > 0) this.#given.set(host, value);
      else this.#given.delete(host);
    }
    this.#touched.clear();
    return changed;
  }

  /** In a steady order. */
  #valueOf(host: string): DuplicateOwner[] {
    const own = this.#members.get(host);
    if (!own) return [];
    const found: DuplicateOwner[] = [];
    for (const mac of [...own.wants].sort())
      for (const other of [...this.#owning.of(mac)].sort()) {
        const member = this.#members.get(other);
        const owner = member?.owners.get(mac);
        if (other === host || !member || !owner || member.demo !== own.demo) continue;
        // What is around matters only to who has to tell whether the two ever meet.
        const near = own.guests.has(mac) ? [...member.owners.keys()].sort() : [];
        found.push({ mac, host: member.name, ...owner, near });
      }
    return found;
  }
}

const memberOf = ({ name, demo, summary: { owners, guests, answered } }: HostNow): Member => ({
  name,
  demo,
  owners,
  guests,
  wants: new Set([...guests, ...answered]),
});

/**
 * MACs of which others may have to be told something else. Where any has moved, what is near to each of the others
 * has too.
 */
function* movedMacs(before: Member | undefined, member: Member | undefined): Generator<string> {
  if (before?.owners === member?.owners && before?.name === member?.name && before?.demo === member?.demo) return;
  for (const one of [before, member]) if (one) yield* one.owners.keys();
}

function sameMember(a: Member | undefined, b: Member | undefined): boolean {
  if (!a || !b) return a === b;
  return a.name === b.name && a.demo === b.demo && a.owners === b.owners && sameSet(a.wants, b.wants);
}
