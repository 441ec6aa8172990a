import type { HostSegment } from "./host-segments";
import { IndexOf } from "./index-of";

/** Hosts of different worlds have nothing in common. */
export interface HostParts {
  readonly name: string;
  readonly world: string;
  readonly segments: readonly HostSegment[];
}

export interface Part {
  readonly host: string;
  readonly name: string;
  readonly world: string;
  readonly segment: HostSegment;
}

/**
 * Which segments of which hosts are one: those that have a mark in common, and those of which one hears what the
 * other owns. Kept up to date part by part. What newly joins two groups joins the smaller to the larger; what no
 * longer joins two parts that nothing else joins directly has their group looked through anew. A MAC that several
 * hosts own, or that the hearer's own host owns, joins nothing.
 */
export class Joined {
  readonly #parts = new Map<string, Part>();
  readonly #refsOf = new Map<string, readonly string[]>();
  readonly #marked = new IndexOf();
  readonly #owning = new IndexOf();
  readonly #hearing = new IndexOf();
  readonly #groupOf = new Map<string, number>();
  readonly #groups = new Map<number, Set<string>>();
  #next = 0;
  /** Groups in which something that shows may be another. */
  readonly #touched = new Set<number>();
  /** Groups that may have fallen apart. */
  readonly #doubtful = new Set<number>();

  part(ref: string): Part | undefined {
    return this.#parts.get(ref);
  }

  members(group: number): ReadonlySet<string> {
    return this.#groups.get(group) ?? new Set();
  }

  /** The parts that have this mark of a part. */
  sharing(ref: string, mark: string): ReadonlySet<string> {
    return this.#marked.of(this.#in(ref, mark));
  }

  /** Somebody else's MAC that a part hears, and the part that owns it. */
  heardBy(ref: string): { readonly mac: string; readonly owner: string } | undefined {
    for (const mac of this.#parts.get(ref)?.segment.heard.keys() ?? []) {
      const owner = this.#ownerFor(ref, mac);
      if (owner !== undefined) return { mac, owner };
    }
    return undefined;
  }

  take(host: string, now: HostParts | undefined): void {
    const before = this.#refsOf.get(host) ?? [];
    const parts = new Map((now?.segments ?? []).map((segment) => [segment.ref, segment]));
    const isOther = (ref: string) => {
      const part = this.#parts.get(ref);
      return part?.segment !== parts.get(ref) || part?.name !== now?.name || part?.world !== now?.world;
    };
    const gone = before.filter(
      (ref) => isOther(ref) && (!parts.has(ref) || this.#parts.get(ref)?.world !== now?.world),
    );
    for (const ref of gone) this.#drop(ref);
    for (const [ref, segment] of parts)
      if (now && isOther(ref)) this.#put(ref, { host, name: now.name, world: now.world, segment });
    if (parts.size > 0) this.#refsOf.set(host, [...parts.keys()]);
    else this.#refsOf.delete(host);
  }

  /** Groups that are new, gone or different since this was last asked. */
  touched(): readonly number[] {
    for (const group of [...this.#doubtful]) this.#lookThrough(group);
    this.#doubtful.clear();
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }

  #put(ref: string, part: Part): void {
    const before = this.#parts.get(ref)?.segment;
    this.#parts.set(ref, part);
    if (!this.#groupOf.has(ref)) this.#found(ref);
    this.#touch(ref);
    const { segment } = part;
    const marks = new Set(segment.marks.map((mark) => mark.key));
    for (const mark of before?.marks ?? []) if (!marks.has(mark.key)) this.#unmark(ref, mark.key);
    for (const mac of before?.macs.keys() ?? []) if (!segment.macs.has(mac)) this.#disown(ref, mac);
    for (const mac of before?.heard.keys() ?? []) if (!segment.heard.has(mac)) this.#unhear(ref, mac);
    for (const mac of segment.macs.keys()) if (!before?.macs.has(mac)) this.#own(ref, mac);
    for (const mark of marks) {
      const key = this.#in(ref, mark);
      const [other] = this.#marked.of(key);
      this.#marked.add(key, ref);
      if (other !== undefined) this.#join(ref, other);
    }
    for (const mac of segment.heard.keys()) {
      if (before?.heard.has(mac)) continue;
      this.#hearing.add(this.#in(ref, mac), ref);
      const owner = this.#ownerFor(ref, mac);
      if (owner !== undefined) this.#join(ref, owner);
    }
  }

  #drop(ref: string): void {
    const segment = this.#parts.get(ref)?.segment;
    for (const mark of segment?.marks ?? []) this.#unmark(ref, mark.key);
    for (const mac of segment?.macs.keys() ?? []) this.#disown(ref, mac);
    for (const mac of segment?.heard.keys() ?? []) this.#unhear(ref, mac);
    this.#parts.delete(ref);
    const group = this.#groupOf.get(ref);
    this.#groupOf.delete(ref);
    if (group === undefined) return;
    this.#groups.get(group)?.delete(ref);
    this.#touched.add(group);
    // The others may have been joined by it alone.
    this.#doubtful.add(group);
  }

  #unmark(ref: string, mark: string): void {
    const key = this.#in(ref, mark);
    this.#marked.remove(key, ref);
    const [other] = this.#marked.of(key);
    if (other !== undefined) this.#part(ref, other);
  }

  #own(ref: string, mac: string): void {
    const key = this.#in(ref, mac);
    const [only, more] = this.#owning.of(key);
    this.#owning.add(key, ref);
    for (const hearer of this.#hearing.of(key)) {
      if (only === undefined) {
        if (this.#ownerFor(hearer, mac) !== undefined) this.#join(hearer, ref);
      } else if (more === undefined) this.#part(hearer, only);
    }
  }

  #disown(ref: string, mac: string): void {
    const key = this.#in(ref, mac);
    this.#owning.remove(key, ref);
    const [only, more] = this.#owning.of(key);
    for (const hearer of this.#hearing.of(key)) {
      if (only === undefined) this.#part(hearer, ref);
      else if (more === undefined && this.#ownerFor(hearer, mac) !== undefined) this.#join(hearer, only);
    }
  }

  #unhear(ref: string, mac: string): void {
    const owner = this.#ownerFor(ref, mac);
    this.#hearing.remove(this.#in(ref, mac), ref);
    if (owner !== undefined) this.#part(ref, owner);
  }

  /** The one part, of another host, that owns a MAC that this part hears. */
  #ownerFor(ref: string, mac: string): string | undefined {
    const [owner, more] = this.#owning.of(this.#in(ref, mac));
    if (owner === undefined || more !== undefined) return undefined;
    return this.#parts.get(owner)?.host === this.#parts.get(ref)?.host ? undefined : owner;
  }

  /** A name within the world of a part. */
  #in(ref: string, name: string): string {
    return `${this.#parts.get(ref)?.world ?? ""} ${name}`;
  }

  #touch(ref: string): void {
    const group = this.#groupOf.get(ref);
    if (group !== undefined) this.#touched.add(group);
  }

  #found(ref: string): number {
    const group = this.#next++;
    this.#groups.set(group, new Set([ref]));
    this.#groupOf.set(ref, group);
    this.#touched.add(group);
    return group;
  }

  #join(a: string, b: string): void {
    const [one, other] = [this.#groupOf.get(a), this.#groupOf.get(b)];
    if (one === undefined || other === undefined || one === other) return;
    const [few, many] = this.members(one).size < this.members(other).size ? [one, other] : [other, one];
    for (const ref of this.members(few)) {
      this.#groupOf.set(ref, many);
      this.#groups.get(many)?.add(ref);
    }
    this.#groups.delete(few);
    this.#touched.add(few).add(many);
    if (this.#doubtful.delete(few)) this.#doubtful.add(many);
  }

  /** Something that joined two parts is gone. */
  #part(a: string, b: string): void {
    const group = this.#groupOf.get(a) ?? this.#groupOf.get(b);
    if (group === undefined) return;
    this.#touched.add(group);
    if (!this.#areJoined(a, b)) this.#doubtful.add(group);
  }

  /** Whether something else joins them directly. */
  #areJoined(a: string, b: string): boolean {
    const [one, other] = [this.#parts.get(a), this.#parts.get(b)];
    if (!one || !other) return false;
    if (one.segment.marks.some(({ key }) => this.sharing(a, key).has(a) && this.sharing(a, key).has(b))) return true;
    const hears = (ref: string, part: Part, of: string) =>
      [...part.segment.heard.keys()].some(
        (mac) => this.#hearing.of(this.#in(ref, mac)).has(ref) && this.#ownerFor(ref, mac) === of,
      );
    return hears(a, one, b) || hears(b, other, a);
  }

  /** Splits a group into what still hangs together. Costs the group's marks and MACs. */
  #lookThrough(group: number): void {
    const left = new Set(this.members(group));
    this.#touched.add(group);
    let first = true;
    while (left.size > 0) {
      const together = this.#together(left);
      for (const ref of together) left.delete(ref);
      if (first) this.#groups.set(group, together);
      else {
        const own = this.#next++;
        this.#groups.set(own, together);
        for (const ref of together) this.#groupOf.set(ref, own);
        this.#touched.add(own);
      }
      first = false;
    }
    if (first) this.#groups.delete(group);
  }

  /** Everything that hangs together with any one of these. Each mark and MAC is looked at once. */
  #together(among: ReadonlySet<string>): Set<string> {
    const [start] = among;
    const found = new Set<string>();
    const asked = new Set<string>();
    const queue: string[] = [];
    const visit = (ref: string) => {
      if (found.has(ref) || !among.has(ref)) return;
      found.add(ref);
      queue.push(ref);
    };
    if (start !== undefined) visit(start);
    for (let ref = queue.pop(); ref !== undefined; ref = queue.pop()) {
      const segment = this.#parts.get(ref)?.segment;
      for (const { key } of segment?.marks ?? []) {
        if (asked.has(key)) continue;
        asked.add(key);
        for (const other of this.sharing(ref, key)) visit(other);
      }
      for (const mac of segment?.heard.keys() ?? []) {
        const owner = this.#ownerFor(ref, mac);
        if (owner !== undefined) visit(owner);
      }
      for (const mac of segment?.macs.keys() ?? [])
        for (const hearer of this.#hearing.of(this.#in(ref, mac)))
          if (this.#ownerFor(hearer, mac) === ref) visit(hearer);
    }
    return found;
  }
}
