import type { FactOf, ProbeId } from "../probes/registry";
import { type Read, Unread } from "./read";

/** All that is known of one host: one entry a probe, each with its own age or its reason for being missing. */
export type Facts = { readonly [P in ProbeId]?: Read<FactOf<P>> };

/** The fact, or throws Unread with the reason. Absent subsystems (`why: "absent"`) throw as well: see `factOrAbsent`. */
export function fact<P extends ProbeId>(facts: Facts, probe: P): FactOf<P> {
  const read = facts[probe] as Read<FactOf<P>> | undefined;
  if (read === undefined || !read.ok) throw unreadOf(probe, read);
  return read.value;
}

/** One object for each reason: on a host where much cannot be read the same answer is given thousands of times a sweep. */
const reasons = new WeakMap<object, Unread>();
const notYet = new Map<ProbeId, Unread>();

function unreadOf(probe: ProbeId, read: Extract<Read<unknown>, { ok: false }> | undefined): Unread {
  const known = read ? reasons.get(read) : notYet.get(probe);
  // Tests give one object to several probes.
  if (known?.probe === probe) return known;
  const made = read ? new Unread(probe, read.why, read.detail) : new Unread(probe, "not-yet");
  if (read) reasons.set(read, made);
  else notYet.set(probe, made);
  return made;
}

/** Like `fact`, but undefined where the host simply has no such tool or subsystem: a host without libvirt has no domains. */
export function factOrAbsent<P extends ProbeId>(facts: Facts, probe: P): FactOf<P> | undefined {
  const read = facts[probe];
  if (read !== undefined && !read.ok && read.why === "absent") return undefined;
  return fact(facts, probe);
}

/** The fact, or undefined for whatever reason: only for what merely adds detail to a node, never for a verdict. */
export function factIfRead<P extends ProbeId>(facts: Facts, probe: P): FactOf<P> | undefined {
  const read = facts[probe] as Read<FactOf<P>> | undefined;
  return read?.ok ? read.value : undefined;
}
