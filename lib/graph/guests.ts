import type { Facts } from "../facts/facts";
import type { Guest, GuestNic, GuestSource } from "../guests/define";
import { sources } from "../guests/registry";
import { escapeName } from "./identity";
import { present } from "./links";

export type { GuestNic } from "../guests/define";

/** A guest with the names of the sources that told of it, the most believed first. */
export interface KnownGuest extends Guest {
  readonly sources: readonly string[];
}

const inRank = Object.entries<GuestSource>(sources).sort(([, a], [, b]) => a.rank - b.rank);

/** Probes that the sources of guests read, and those without which what they told before is in doubt: for the passes that ask for guests. */
export const guestProbes = [...new Set(inRank.flatMap(([, source]) => source.reads))];
export const guestDoubts = [...new Set(inRank.flatMap(([, source]) => source.doubtWithout ?? []))];

/** All guests of a host, each once, whichever sources told of it (lib/guests). Joined by UUID, then by name. */
export function guestsOf(facts: Facts): readonly KnownGuest[] {
  const known = memo.get(facts);
  if (known) return known;
  let guests: KnownGuest[] = [];
  for (const [name, source] of inRank) guests = joined(guests, source.guests(facts), name);
  memo.set(facts, guests);
  return guests;
}

/** Several passes ask for the same facts. */
const memo = new WeakMap<Facts, readonly KnownGuest[]>();

/** Adds what one more source tells to the guests that those before it told of; the rest are guests of their own. */
function joined(guests: readonly KnownGuest[], told: readonly Guest[], source: string): KnownGuest[] {
  const all = [...guests];
  for (const guest of told) {
    const { nameless: _, ...named } = guest;
    const at = all.findIndex((other) => isSame(other, guest));
    const known = all[at];
    if (known)
      all[at] = {
        ...named,
        ...present(known),
        sources: [...known.sources, source],
        nics: known.nics.length === 0 ? guest.nics : known.nics.map((nic) => filled(nic, guest.nics)),
      };
    else all.push({ ...guest, sources: [source] });
  }
  return all;
}

const isSame = (one: Guest, other: Guest): boolean =>
  one.uuid !== undefined && other.uuid !== undefined
    ? one.uuid === other.uuid
    : !one.nameless && !other.nameless && one.name === other.name;

/** A NIC with what only a later source tells: the TAP that it holds. */
function filled(nic: GuestNic, seen: readonly GuestNic[]): GuestNic {
  if (nic.tap !== undefined) return nic;
  const twin = seen.find((other) => other.mac !== undefined && other.mac === nic.mac);
  return twin?.tap === undefined ? nic : { ...nic, tap: twin.tap };
}

/** What stands for a NIC in ids: its MAC, else its alias. Stable over restarts, unlike the TAP's name. */
export const nicPath = (guest: Guest, nic: GuestNic, at: number): string =>
  `${escapeName(guest.name)}/${escapeName(nic.mac ?? nic.alias ?? `net${at}`)}`;

export const nicKey = (guest: Guest, nic: GuestNic, at: number): string => `${guest.key}:${nic.mac ?? nic.alias ?? at}`;
