import * as z from "zod";

/**
 * Socket.io events, once, for both ends; each end validates what it receives. A browser watches as many topics
 * (topics/) as it wants. After `watch` the server acknowledges with the snapshot, or, where `since` is still in its
 * ring, with the missing deltas. What a snapshot or delta holds is the topic's to say.
 */

/** Names one stream: a topic, and where there is one a host, the host. */
export const Address = z.object({ topic: z.string().min(1).max(40), key: z.string().min(1).max(200).optional() });
export type Address = z.infer<typeof Address>;

/** A stream as one text, to be a key. A topic's name holds no space. */
export const addressText = ({ topic, key }: Address): string => (key === undefined ? topic : `${topic} ${key}`);

/** A place in a stream. Numbers are comparable only within one epoch. */
export const Mark = z.object({ epoch: z.string().max(100), seq: z.number().int().nonnegative() });
export type Mark = z.infer<typeof Mark>;

export const Watch = Address.extend({ since: Mark.optional() });
export type Watch = z.infer<typeof Watch>;

/** What makes the state before `seq` into that of `seq`. */
export const Step = Mark.extend({ delta: z.unknown() });
export type Step = z.infer<typeof Step>;

export const WatchReply = z.discriminatedUnion("kind", [
  Mark.extend({ kind: z.literal("snapshot"), snapshot: z.unknown() }),
  z.object({ kind: z.literal("deltas"), deltas: z.array(Step) }),
  z.object({ kind: z.literal("refused"), reason: z.string() }),
]);
export type WatchReply = z.infer<typeof WatchReply>;

export const Change = Address.extend(Step.shape);
export type Change = z.infer<typeof Change>;

/**
 * Every two seconds: the newest number of each stream that this socket watches, so that a gap is seen even when nothing
 * changes. And which build serves: a page of another one is told to reload. An old page must be able to read it: fields
 * are added, never changed.
 */
export const Pulse = z.object({
  at: z.number(),
  collector: z.enum(["up", "down"]),
  marks: z.array(Address.extend(Mark.shape)).default([]),
  build: z.string().optional(),
  /** Number of the wire that the server speaks (version.ts). */
  wire: z.number().optional(),
});
export type Pulse = z.infer<typeof Pulse>;

/** The thresholds are not what they were: whoever shows them asks again (GET /api/settings). */
export const SettingsChanged = z.object({});

export const serverEvents = { change: Change, pulse: Pulse, settings: SettingsChanged } as const;
export const clientEvents = { watch: Watch, unwatch: Address } as const;
