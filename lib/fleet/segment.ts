import * as z from "zod";

/** What tells that a segment is one over several hosts, each with how many of them it joins. */
export const SegmentEvidence = z.discriminatedUnion("kind", [
  /** Their switch ports announce the VLAN at the same switch (LLDP). */
  z.object({ kind: z.literal("switch"), system: z.string(), vlan: z.number(), hosts: z.number() }),
  /** They have the same router: its MAC and the subnet are the same. */
  z.object({ kind: z.literal("router"), address: z.string(), subnet: z.string(), hosts: z.number() }),
  /** They are the ends of one VXLAN. */
  z.object({ kind: z.literal("tunnel"), vni: z.number(), ends: z.string(), hosts: z.number() }),
  /** One hears from outside what the other owns. `who`: the guest that it was heard from; "": the host itself. */
  z.object({ kind: z.literal("heard"), by: z.string(), mac: z.string(), who: z.string(), of: z.string() }),
]);
export type SegmentEvidence = z.infer<typeof SegmentEvidence>;

/** A host's part in a segment. */
export const SegmentMember = z.object({
  host: z.string(),
  name: z.string(),
  /** Id of the node that stands for it on the host's page: a bridge, else an interface. */
  at: z.string(),
  /** What the host calls that node. */
  port: z.string(),
  /** Guests in it. */
  guests: z.number(),
  /** Names of some of them, in order; at most `mostNamed`. */
  some: z.array(z.string()),
});
export type SegmentMember = z.infer<typeof SegmentMember>;

/** One layer-2 segment that more than one host has a part in. */
export const FleetSegment = z.object({
  id: z.string(),
  /** Tag on the wires; missing: untagged, or not the same everywhere. */
  vlan: z.number().optional(),
  hosts: z.number(),
  guests: z.number(),
  /** By name; at most `mostMembers`. */
  members: z.array(SegmentMember),
  /** Ids of the hosts that are not among those. */
  rest: z.array(z.string()),
  /** What joins most hosts first; at most `mostEvidence`. */
  evidence: z.array(SegmentEvidence),
});
export type FleetSegment = z.infer<typeof FleetSegment>;

/**
 * Members of a segment that are told: enough for any list that a person reads, and a thousand hosts in one VLAN stay
 * one small message.
 */
export const mostMembers = 24;
export const mostEvidence = 6;
/** Guests of each member that are named. */
export const mostNamed = 3;
