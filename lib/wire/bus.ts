import * as z from "zod";
import { PastProblem } from "../problems/past";
import { HostCard, HostSnapshot } from "./model";
import {
  AuditPage,
  HostSpec,
  IncidentRow,
  KeyQuestion,
  LoginBody,
  MadeToken,
  MarkedAuditRow,
  NewIncident,
  NewToken,
  NewUser,
  OwnedToken,
  PasswordBody,
  PlanView,
  Role,
  SessionRow,
  SetupBody,
  SetupState,
  TestResult,
  TokenRow,
  UserChange,
  UserRow,
} from "./rest";
import { Retention, RetentionChange } from "./retention";
import { route as openCapture } from "./routes/open-capture";
import { Words } from "./said";
import { SettingChange, SettingList, SettingReset } from "./settings";
import { Incident } from "./share";
import { Address, Change, Mark } from "./socket";

/**
 * Messages between the web process and the collector: JSON lines over a local socket. The first line of a peer is its
 * token (BusOpening). Every request carries the session (or API token) of the person who asks; the collector issued it,
 * looks it up by itself and decides. The web process has no store, so whoever owns it holds no more than the visitors
 * whose requests pass through it meanwhile.
 */
export const Actor = z.object({ session: z.string().max(4096) });
export type Actor = z.infer<typeof Actor>;

/** A person, as known by a session or an API token that was valid when the collector was asked. */
export const Who = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role,
  by: z.enum(["session", "token"]),
  /** Id of the session or token (not its secret): may be written to the audit log. */
  session: z.string(),
  /** When the session or token ends, Unix ms; null: never. */
  expiresAt: z.number().nullable(),
});
export type Who = z.infer<typeof Who>;

/**
 * Where a request comes from, as the web process sees it: for limits on guessing, the list of sessions and the audit
 * log. Believed for nothing else.
 */
export const From = z.object({
  address: z
    .string()
    .max(64)
    .regex(/^[\w.:%-]+$/, "not an address"),
  browser: z.string().max(1000),
  /** Cookie of a browser that has logged in before, as it came. */
  device: z.string().max(200).optional(),
});
export type From = z.infer<typeof From>;

/**
 * A session that was opened: the value of its cookie and of that by which the browser is known next time, and whose it
 * is.
 */
const Opened = z.object({ cookie: z.string(), device: z.string(), who: Who });
export type Opened = z.infer<typeof Opened>;

/** An incident as the collector lists it; the web process adds the address under which it is reached. */
export const IncidentHead = IncidentRow.omit({ url: true });
export type IncidentHead = z.infer<typeof IncidentHead>;

const none = z.object({});
const host = z.object({ host: z.string() });
const id = z.object({ id: z.string().max(200) });

/** Role "open": nobody in particular has to be known; the handler itself decides what a stranger gets. */
export const busMethods = {
  /** Who this session or token belongs to at this moment; null for one that is not valid. */
  "auth.who": { params: none, result: z.object({ who: Who.nullable() }), role: "open" },
  "auth.login": { params: LoginBody.extend({ from: From }), result: Opened, role: "open" },
  "auth.setupState": { params: z.object({ token: z.string().max(200) }), result: SetupState, role: "open" },
  "auth.setup": { params: SetupBody.extend({ from: From }), result: Opened, role: "open" },
  /**
   * What the web process has refused by itself: a request that would have changed something. Counted, and told in the
   * audit log.
   */
  "auth.refused": {
    params: z.object({ route: z.string().max(100), code: z.enum(["no-session", "role", "origin"]), from: From }),
    result: none,
    role: "open",
  },
  "auth.logout": { params: none, result: none, role: "viewer" },
  "auth.password": { params: PasswordBody.extend({ from: From }), result: none, role: "viewer" },
  "auth.sessions": { params: none, result: z.object({ sessions: z.array(SessionRow) }), role: "viewer" },
  "auth.endSession": { params: id, result: none, role: "viewer" },
  "users.list": { params: none, result: z.object({ users: z.array(UserRow) }), role: "admin" },
  "users.add": { params: NewUser, result: UserRow, role: "admin" },
  "users.change": { params: z.object({ id: z.string().max(200), change: UserChange }), result: UserRow, role: "admin" },
  "users.remove": { params: id, result: none, role: "admin" },
  "users.endSessions": { params: id, result: none, role: "admin" },
  "tokens.list": { params: none, result: z.object({ tokens: z.array(TokenRow) }), role: "viewer" },
  "tokens.add": { params: NewToken, result: MadeToken, role: "viewer" },
  "tokens.remove": { params: id, result: none, role: "viewer" },
  /** Everybody's. */
  "tokens.all": { params: none, result: z.object({ tokens: z.array(OwnedToken) }), role: "admin" },
  "tokens.revoke": { params: id, result: none, role: "admin" },
  "audit.list": {
    params: z.object({ limit: z.number().int().min(1).max(500), before: z.number().int().positive().optional() }),
    result: AuditPage,
    role: "operator",
  },
  /** Oldest first. Whoever may read the log page by page may have it as a whole. */
  "audit.export": {
    params: z.object({ after: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    result: z.object({ rows: z.array(MarkedAuditRow) }),
    role: "operator",
  },
  "retention.get": { params: none, result: Retention, role: "admin" },
  "retention.put": { params: RetentionChange, result: Retention, role: "admin" },
  "incident.list": { params: none, result: z.object({ incidents: z.array(IncidentHead) }), role: "viewer" },
  "incident.add": { params: NewIncident, result: IncidentHead, role: "operator" },
  "incident.revoke": { params: id, result: none, role: "operator" },
  /** The picture, where whoever asks may see it now; refused as "no-session", "not-found" or "gone". */
  "incident.get": { params: id, result: z.object({ head: IncidentHead, body: Incident }), role: "open" },
  /** Whether a page may be drawn for this link without a session: true also for a public one that has ended. */
  "incident.isPublic": { params: id, result: z.object({ public: z.boolean() }), role: "open" },
  /**
   * The state of a stream at this moment; from then on this line gets its changes, until it leaves. `bare`: the number
   * alone, for who has the state or has nobody to show it to.
   */
  "topic.watch": {
    params: Address.extend({ bare: z.boolean().default(false) }),
    result: Mark.extend({ snapshot: z.unknown().optional() }),
    role: "viewer",
  },
  /** Ends what `topic.watch` began. Tells nothing and changes nothing: nobody has to be known. */
  "topic.leave": { params: Address, result: none, role: "open" },
  /** Problems of a host, open and past, newest first; of one node or edge where it is named. */
  "problem.history": {
    params: host.extend({ subject: z.string().max(1000).optional(), limit: z.number().int().min(1).max(500) }),
    result: z.object({ problems: z.array(PastProblem) }),
    role: "viewer",
  },
  "fleet.cards": { params: none, result: z.object({ cards: z.array(HostCard), epoch: z.string() }), role: "viewer" },
  "host.snapshot": { params: host, result: HostSnapshot, role: "viewer" },
  "host.test": { params: z.object({ spec: HostSpec }), result: TestResult, role: "admin" },
  /**
   * Remembers a key that a person has compared. `replace` must name the known fingerprint that it takes the place of.
   */
  "host.approveKey": {
    params: z.object({ question: KeyQuestion, replace: z.string().optional() }),
    result: none,
    role: "admin",
  },
  "host.save": { params: z.object({ spec: HostSpec }), result: none, role: "admin" },
  "capture.open": { params: openCapture.body, result: openCapture.result, role: "admin" },
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
    params: z.object({ host: z.string(), finding: z.string(), remedy: z.string().optional() }),
    result: PlanView,
    role: "operator",
  },
  "remedy.apply": {
    params: z.object({ run: z.string(), choice: z.string().optional(), typedHost: z.string().optional() }),
    result: none,
    role: "operator",
  },
  /** Begins long work of this kind (server/collector/long-work/kinds); how far it is comes by the topic `job`. */
  "job.start": {
    params: z.object({ kind: z.string().max(100), params: z.unknown() }),
    result: z.object({ job: z.string() }),
    role: "operator",
  },
  /** Answers when nothing of it goes on any more. */
  "job.cancel": { params: z.object({ job: z.string().max(100) }), result: none, role: "operator" },
  "remedy.undo": { params: z.object({ run: z.string() }), result: none, role: "operator" },
} as const;
export type BusMethod = keyof typeof busMethods;

/**
 * Methods that change nothing. That one of the others was refused is written to the audit log: somebody tried what he
 * may not.
 */
export const readingMethods: ReadonlySet<BusMethod> = new Set<BusMethod>([
  "auth.who",
  "auth.setupState",
  "auth.sessions",
  "users.list",
  "tokens.list",
  "tokens.all",
  "audit.list",
  "audit.export",
  "retention.get",
  "incident.list",
  "incident.get",
  "incident.isPublic",
  "topic.watch",
  "topic.leave",
  "problem.history",
  "fleet.cards",
  "host.snapshot",
  "settings.list",
]);
export type BusParams<M extends BusMethod> = z.input<(typeof busMethods)[M]["params"]>;
export type BusResult<M extends BusMethod> = z.output<(typeof busMethods)[M]["result"]>;

/** First line from a peer: that it was started by who started the collector. */
export const BusOpening = z.object({ token: z.string().max(200) });
export const BusRequest = z.object({ id: z.number().int(), method: z.string(), actor: Actor, params: z.unknown() });
export const BusReply = z.union([
  z.object({ id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({
    id: z.number().int(),
    ok: z.literal(false),
    code: z.string(),
    message: z.string(),
    /** The message in every language, where it has them. */
    words: Words.optional(),
    /** For "limited": when to try again, seconds. */
    retryAfter: z.number().optional(),
  }),
]);
/** Pushed by the collector: changes to those web processes that watch their stream, the rest to every one. */
export const BusPush = z.discriminatedUnion("push", [
  z.object({ push: z.literal("hello"), epoch: z.string() }),
  Change.extend({ push: z.literal("change") }),
  /** Somebody has changed thresholds, and every host has been judged by them. */
  z.object({ push: z.literal("settings") }),
]);
export type BusPush = z.infer<typeof BusPush>;
