import * as z from "zod";
import { HostCard, HostDelta, HostSnapshot } from "./model";

/**
 * Socket.io events, once, for both ends; each end validates what it receives.
 * A browser watches the fleet, and at most one host at a time. After `watch` the server acknowledges with the snapshot, or, where `since` is
 * still in its ring, with the missing deltas.
 */
export const Watch = z.object({
  /** "fleet" or a host id. */
  what: z.string().min(1).max(200),
  since: z.object({ epoch: z.string().max(64), seq: z.number().int().nonnegative() }).optional(),
});
export type Watch = z.infer<typeof Watch>;

export const WatchReply = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("snapshot"), snapshot: HostSnapshot }),
  z.object({ kind: z.literal("deltas"), deltas: z.array(HostDelta) }),
  z.object({ kind: z.literal("fleet"), cards: z.array(HostCard), at: z.number() }),
  z.object({ kind: z.literal("refused"), reason: z.string() }),
]);
export type WatchReply = z.infer<typeof WatchReply>;

/** Every two seconds: the newest sequence number of what this socket watches, so that a gap is seen even when nothing changes. */
export const Pulse = z.object({
  at: z.number(),
  collector: z.enum(["up", "down"]),
  watching: z.string().optional(),
  epoch: z.string().optional(),
  seq: z.number().optional(),
});
export type Pulse = z.infer<typeof Pulse>;

export const FleetChange = z.object({ put: z.array(HostCard), drop: z.array(z.string()) });
export type FleetChange = z.infer<typeof FleetChange>;

/** Progress of a remedy that this browser started or watches. */
export const RemedyProgress = z.object({
  run: z.string(),
  host: z.string(),
  phase: z.enum([
    "probing",
    "arming",
    "applying",
    "settling",
    "verifying",
    "kept",
    "undoing",
    "undone",
    "failed",
    "unknown",
  ]),
  says: z.string(),
  at: z.number(),
  /** Until when the host undoes by itself unless told otherwise, Unix ms. */
  undoAt: z.number().optional(),
});
export type RemedyProgress = z.infer<typeof RemedyProgress>;

/** The thresholds are not what they were: whoever shows them asks again (GET /api/settings). */
export const SettingsChanged = z.object({});

export const serverEvents = {
  delta: HostDelta,
  fleet: FleetChange,
  pulse: Pulse,
  remedy: RemedyProgress,
  settings: SettingsChanged,
} as const;
export const clientEvents = { watch: Watch, unwatch: z.object({ what: z.string().max(200) }) } as const;
