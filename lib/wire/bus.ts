import { z } from "zod";
import { HostCard, HostDelta, HostSnapshot } from "./model";
import { HostSpec, KeyQuestion, PlanView, TestResult } from "./rest";
import { SettingChange, SettingList, SettingReset } from "./settings";
import { FleetChange, RemedyProgress } from "./socket";

/**
 * Messages between the web process and the collector: JSON lines over a local socket. Every request carries the session (or API token) of the
 * person who asks; the collector looks it up by itself and decides, so that whoever owns the web process still holds no more than its visitors do.
 */
export const Actor = z.object({ session: z.string().max(4096) });
export type Actor = z.infer<typeof Actor>;

const none = z.object({});
const host = z.object({ host: z.string() });

export const busMethods = {
  "fleet.cards": { params: none, result: z.object({ cards: z.array(HostCard), epoch: z.string() }), role: "viewer" },
  "host.snapshot": { params: host, result: HostSnapshot, role: "viewer" },
  "host.test": { params: z.object({ spec: HostSpec }), result: TestResult, role: "admin" },
  /** Remembers a key that a person has compared. `replace` must name the known fingerprint that it takes the place of. */
  "host.approveKey": {
    params: z.object({ question: KeyQuestion, replace: z.string().optional() }),
    result: none,
    role: "admin",
  },
  "host.save": { params: z.object({ spec: HostSpec }), result: none, role: "admin" },
  "host.remove": { params: host, result: none, role: "admin" },
  "host.retry": { params: host, result: none, role: "operator" },
  "keys.import": {
    params: z.object({ knownHosts: z.string().max(4_194_304) }),
    result: z.object({ taken: z.number(), refused: z.array(z.object({ line: z.number(), reason: z.string() })) }),
    role: "admin",
  },
  "demo.start": { params: z.object({ hosts: z.number().int().min(1).max(50) }), result: none, role: "admin" },
  "demo.stop": { params: none, result: none, role: "admin" },
  "settings.list": { params: none, result: SettingList, role: "viewer" },
  /** Answers when every host has been judged by the new thresholds. */
  "settings.put": { params: SettingChange, result: SettingList, role: "admin" },
  "settings.reset": { params: SettingReset, result: SettingList, role: "admin" },
  "remedy.plan": {
    params: z.object({ host: z.string(), finding: z.string(), choice: z.string().optional() }),
    result: PlanView,
    role: "operator",
  },
  "remedy.apply": {
    params: z.object({ run: z.string(), typedHost: z.string().optional() }),
    result: none,
    role: "operator",
  },
  "remedy.undo": { params: z.object({ run: z.string() }), result: none, role: "operator" },
} as const;
export type BusMethod = keyof typeof busMethods;
export type BusParams<M extends BusMethod> = z.input<(typeof busMethods)[M]["params"]>;
export type BusResult<M extends BusMethod> = z.output<(typeof busMethods)[M]["result"]>;

export const BusRequest = z.object({ id: z.number().int(), method: z.string(), actor: Actor, params: z.unknown() });
export const BusReply = z.union([
  z.object({ id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ id: z.number().int(), ok: z.literal(false), code: z.string(), message: z.string() }),
]);
/** Pushed by the collector to every connected web process. */
export const BusPush = z.discriminatedUnion("push", [
  z.object({ push: z.literal("hello"), epoch: z.string() }),
  z.object({ push: z.literal("delta"), delta: HostDelta }),
  z.object({ push: z.literal("fleet"), change: FleetChange }),
  z.object({ push: z.literal("remedy"), progress: RemedyProgress }),
  /** Somebody has changed thresholds, and every host has been judged by them. */
  z.object({ push: z.literal("settings") }),
]);
export type BusPush = z.infer<typeof BusPush>;
