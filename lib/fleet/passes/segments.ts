import { sameJson } from "../../facts/equal";
import { Joined } from "../joined";
import { type FleetSegment, mostEvidence, mostMembers, mostNamed, type SegmentEvidence } from "../segment";
import type { HostNow } from "../summary";
import type { FleetPass, FleetWork } from "./define";

/**
 * The fleet's layer-2 segments: which hosts and guests share one, and what tells so. Nothing is said where nothing
 * tells.
 */
export const pass: FleetPass = { id: "segments", start: () => new Segments() };

class Segments implements FleetWork<FleetSegment> {
  readonly #hosts = new Map<string, HostNow>();
  readonly #joined = new Joined();
  /** What was given last of each group. */
  readonly #given = new Map<number, FleetSegment>();

  take(host: string, now: HostNow | undefined): void {
    if (now) this.#hosts.set(host, now);
    else this.#hosts.delete(host);
    this.#joined.take(
      host,
      now && { name: now.name, world: now.demo ? "demo" : "real", segments: now.summary.segments },
    );
  }

  changed(): ReadonlyMap<string, FleetSegment | undefined> {
    const changed = new Map<string, FleetSegment | undefined>();
    const groups = this.#joined.touched().map((group) => ({ group, old: this.#given.get(group) }));
    for (const { group, old } of groups) {
      if (old) changed.set(old.id, undefined);
      this.#given.delete(group);
    }
    for (const { group, old } of groups) {
      const segment = this.#segmentOf(group);
      if (!segment) continue;
      this.#given.set(group, segment);
      // Not worth a word to anybody: what is heard moves all the time.
      if (sameJson(old, segment)) changed.delete(segment.id);
      else changed.set(segment.id, segment);
    }
    return changed;
  }

  /** Undefined where one host alone has a part in it. */
  #segmentOf(group: number): FleetSegment | undefined {
    const refs = [...this.#joined.members(group)].sort();
    const parts = refs.flatMap((ref) => this.#joined.part(ref) ?? []);
    const hosts = new Set(parts.map((part) => part.host));
    const [first] = refs;
    if (hosts.size < 2 || first === undefined) return undefined;
    const tags = new Set(parts.map((part) => part.segment.vlan));
    const [vlan] = tags;
    const members = parts
      .map(({ host, name, segment: { at, name: port, guests } }) => ({
        host,
        name,
        at,
        port,
        guests: guests.length,
        some: guests.slice(0, mostNamed).map((guest) => guest.name),
      }))
      .sort((a, b) => natural.compare(a.name, b.name) || (a.at < b.at ? -1 : 1));
    const named = members.slice(0, mostMembers);
    const shown = new Set(named.map((member) => member.host));
    return {
      id: first,
      ...(tags.size === 1 && vlan !== undefined ? { vlan } : {}),
      hosts: hosts.size,
      guests: new Set(parts.flatMap((part) => part.segment.guests.map((guest) => guest.id))).size,
      members: named,
      rest: [...hosts].filter((host) => !shown.has(host)),
      evidence: this.#evidenceOf(refs),
    };
  }

  #evidenceOf(refs: readonly string[]): SegmentEvidence[] {
    const shared = new Map<string, SegmentEvidence & { readonly hosts: number }>();
    const hostsOf = (holders: Iterable<string>) =>
      new Set([...holders].map((ref) => this.#joined.part(ref)?.host)).size;
    for (const ref of refs)
      for (const { key, ...mark } of this.#joined.part(ref)?.segment.marks ?? []) {
        if (shared.has(key)) continue;
        const hosts = hostsOf(this.#joined.sharing(ref, key));
        if (hosts > 1) shared.set(key, { ...mark, hosts });
      }
    const marks = [...shared]
      .sort(([a, one], [b, other]) => other.hosts - one.hosts || (a < b ? -1 : 1))
      .map(([, mark]) => mark);
    if (marks.length >= mostEvidence) return marks.slice(0, mostEvidence);
    const heard: SegmentEvidence[] = [];
    for (const ref of refs.slice(0, mostMembers)) {
      const found = this.#joined.heardBy(ref);
      const [by, of] = [this.#joined.part(ref), found && this.#joined.part(found.owner)];
      if (found && by && of)
        heard.push({
          kind: "heard",
          by: by.name,
          mac: found.mac,
          who: of.segment.macs.get(found.mac) ?? "",
          of: of.name,
        });
    }
    return [...marks, ...heard].slice(0, mostEvidence);
  }
}

const natural = new Intl.Collator("en", { numeric: true });
