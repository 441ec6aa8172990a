import * as z from "zod";
import { HostInfo } from "./model";
import { Words } from "./said";

/**
 * Shapes that REST routes (./routes, one file each) and the bus share. Errors are always {error: {code, message}}: code
 * for programs (./errors.ts), message for people, naming the thing.
 */
export const ApiError = z.object({
  /** `words`: the message in every language, where it has them. */
  error: z.object({ code: z.string(), message: z.string(), words: Words.optional() }),
});

const text = (max: number) => z.string().trim().min(1).max(max);

/** How to log in. Secrets stand here only on their way from the form to the collector; they never come back. */
export const Login = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("key"),
    privateKey: z.string().min(1).max(65_536),
    passphrase: z.string().max(1024).optional(),
  }),
  z.object({ kind: z.literal("key-file"), path: text(1024), passphrase: z.string().max(1024).optional() }),
  z.object({ kind: z.literal("agent") }),
  z.object({ kind: z.literal("password"), password: z.string().min(1).max(1024) }),
]);
export type Login = z.infer<typeof Login>;

export const Sudo = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("auto") }),
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("password"), password: z.string().min(1).max(1024) }),
]);
export type Sudo = z.infer<typeof Sudo>;

export const Hop = z.object({
  address: text(255),
  port: z.number().int().min(1).max(65535).default(22),
  user: text(64),
  login: Login,
});
export type Hop = z.infer<typeof Hop>;

export const HostSpec = z.object({
  /** Short name, unique; part of node ids: no slash, no white space. */
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "letters, digits, dot, dash, underscore; at most 63"),
  address: text(255),
  port: z.number().int().min(1).max(65535).default(22),
  user: text(64),
  login: Login,
  sudo: Sudo.default({ kind: "auto" }),
  jump: z.array(Hop).max(5).default([]),
  /** How it is read (server/collector/sources): here always by SSH. */
  source: z.literal("ssh").optional(),
  /** What its operators call it by, beside its name: rack, site, owner. */
  labels: z
    .record(z.string().regex(/^[\w.-]{1,63}$/, "letters, digits, dot, dash, underscore"), z.string().max(200))
    .refine((labels) => Object.keys(labels).length <= 32, "at most 32 labels")
    .optional(),
});
export type HostSpec = z.infer<typeof HostSpec>;

/** Longest HostSpec on its way, bytes: room for a host behind five jumps, each with a large key. */
export const hostBytes = 1024 * 1024;

/** A host key that is not known yet, or another than the known one. */
export const KeyQuestion = z.object({
  address: z.string(),
  port: z.number(),
  keyType: z.string(),
  /** "SHA256:..." as OpenSSH prints it. */
  fingerprint: z.string(),
  /** Set when another key is on record: never approved with the same click as a new one. */
  known: z.string().optional(),
});
export type KeyQuestion = z.infer<typeof KeyQuestion>;

/** Answer of "test this host": either a key to approve, or a preview of what was found, or why not. */
export const TestResult = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("key"), question: KeyQuestion }),
  z.object({
    kind: z.literal("found"),
    hostname: z.string(),
    os: z.string(),
    root: z.boolean(),
    counts: z.record(z.string(), z.number()),
    unread: z.array(z.object({ probe: z.string(), why: z.string() })),
  }),
  z.object({ kind: z.literal("failed"), reason: z.string() }),
]);
export type TestResult = z.infer<typeof TestResult>;

export const HostList = z.object({ hosts: z.array(HostInfo) });

const planned = {
  /** Absent where the remedy leaves nothing to choose. */
  choice: z.object({ id: z.string(), label: Words }).optional(),
};

/** One way to carry a remedy out: what would be done and what follows from it, or why it cannot be done. */
export const PlanOption = z.discriminatedUnion("kind", [
  z.object({ ...planned, kind: z.literal("refused"), because: Words }),
  z.object({
    ...planned,
    kind: z.literal("plan"),
    steps: z.array(z.object({ says: Words, do: z.string(), undo: z.string() })),
    /** Ids of the nodes that it touches, and of the guests whose traffic may change. */
    touches: z.array(z.string()),
    affects: z.array(z.string()),
    blinks: Words,
    risk: z.enum(["low", "medium", "high"]),
    /**
     * Whether it can cut the way by which we reach the host; `unknown`: that way could not be told. Unless it is clear, the host's name must be typed.
     */
    management: z.enum(["clear", "at-risk", "unknown"]),
    windowMs: z.number(),
    windowBecause: Words,
    /** The same as a shell script, to be read before it is pressed (lib/persist/printers/shell.ts). */
    script: z.string(),
  }),
]);
export type PlanOption = z.infer<typeof PlanOption>;

/** What one remedy of a finding would do. */
export const PlanView = z.object({
  run: z.string(),
  host: z.string(),
  finding: z.string(),
  remedy: z.string(),
  /** All remedies of the finding, gentlest first: another one is planned by its id. */
  remedies: z.array(z.string()),
  /** More than one where the remedy leaves a choice. */
  options: z.array(PlanOption).min(1),
});
export type PlanView = z.infer<typeof PlanView>;

/** What of a picture is masked before it is kept (lib/share): the same thing gets the same mask everywhere in it. */
export const MaskChoice = z.object({
  macs: z.boolean().default(false),
  /** The vendor's half of a MAC stays to be read. */
  keepVendor: z.boolean().default(false),
  addresses: z.boolean().default(false),
  names: z.boolean().default(false),
});
export type MaskChoice = z.infer<typeof MaskChoice>;

const day = 24;
/** How long a link opens where its maker does not say: one that opens for everybody a week, one for accounts a month. Hours. */
export const defaultHours = { public: 7 * day, accounts: 30 * day } as const;

export const NewIncident = z.object({
  host: z.string(),
  selection: z.string().max(1000).optional(),
  note: z.string().max(4000).default(""),
  /** Default: `defaultHours`. */
  expiresInHours: z
    .number()
    .int()
    .min(1)
    .max(365 * day)
    .optional(),
  /** Opens without an account for whoever has the link. */
  public: z.boolean().default(false),
  mask: MaskChoice.optional(),
});
export type NewIncident = z.infer<typeof NewIncident>;

export const IncidentRow = z.object({
  id: z.string(),
  url: z.string(),
  host: z.string(),
  note: z.string(),
  madeBy: z.string(),
  madeAt: z.number(),
  expiresAt: z.number(),
  public: z.boolean(),
  revoked: z.boolean(),
});
export type IncidentRow = z.infer<typeof IncidentRow>;

export const Role = z.enum(["viewer", "operator", "admin"]);
export type Role = z.infer<typeof Role>;
export const Me = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role,
  collector: z.enum(["up", "down"]),
});
export type Me = z.infer<typeof Me>;

const email = z.email().max(254);
/** Length is the only rule: a long sentence beats a short riddle. 72 and more characters are fine, 1024 keeps the hash affordable. */
const newPassword = z.string().min(10, "at least 10 characters").max(1024);

export const LoginBody = z.object({ email, password: z.string().min(1).max(1024) });
export type LoginBody = z.infer<typeof LoginBody>;

/** Whether the first admin is still to be made, and whether this link may make it. */
export const SetupState = z.object({ open: z.boolean(), valid: z.boolean() });
export type SetupState = z.infer<typeof SetupState>;

export const SetupBody = z.object({ token: z.string().min(1).max(200), name: text(100), email, password: newPassword });
export type SetupBody = z.infer<typeof SetupBody>;

export const PasswordBody = z.object({ current: z.string().min(1).max(1024), next: newPassword });
export type PasswordBody = z.infer<typeof PasswordBody>;

export const SessionRow = z.object({
  id: z.string(),
  madeAt: z.number(),
  expiresAt: z.number(),
  address: z.string().nullable(),
  browser: z.string().nullable(),
  /** The session that asks. */
  current: z.boolean(),
});
export type SessionRow = z.infer<typeof SessionRow>;

export const UserRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role,
  madeAt: z.number(),
  /** A disabled account keeps its name in the audit log, but can neither log in nor use its tokens. */
  disabled: z.boolean(),
  sessions: z.number(),
});
export type UserRow = z.infer<typeof UserRow>;

export const NewUser = z.object({ name: text(100), email, password: newPassword, role: Role });
export type NewUser = z.infer<typeof NewUser>;

/**
 * What is absent stays. The last admin can be neither demoted, disabled nor removed. A new password and disabling end all sessions and
 * tokens of the user.
 */
export const UserChange = z
  .object({ name: text(100), role: Role, password: newPassword, disabled: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "nothing to change");
export type UserChange = z.infer<typeof UserChange>;

export const TokenRow = z.object({
  id: z.string(),
  name: z.string(),
  /** Never more than its owner may at the moment of use. */
  role: Role,
  /** First characters, to tell tokens apart. */
  start: z.string(),
  madeAt: z.number(),
  expiresAt: z.number().nullable(),
  usedAt: z.number().nullable(),
});
export type TokenRow = z.infer<typeof TokenRow>;

/** A token as admins see it: whose it is stands beside it. */
export const OwnedToken = TokenRow.extend({ owner: z.object({ id: z.string(), name: z.string(), email: z.string() }) });
export type OwnedToken = z.infer<typeof OwnedToken>;

/** Days that a token lasts where its maker does not say, and that anybody's may last at most; admins may go further. */
export const usualTokenDays = 90;
export const longestForAll = 366;

/** How long is said in days; null, which only an admin may say: it never ends. */
export const NewToken = z.object({
  name: text(100),
  role: Role,
  expiresInDays: z.number().int().min(1).max(3650).nullable().default(usualTokenDays),
});
export type NewToken = z.infer<typeof NewToken>;

/** The token itself is shown this once; only its hash is kept. */
export const MadeToken = z.object({ token: z.string(), row: TokenRow });
export type MadeToken = z.infer<typeof MadeToken>;

export const AuditRow = z.object({
  id: z.number(),
  at: z.number(),
  who: z.string(),
  what: z.string(),
  host: z.string().nullable(),
  outcome: z.string(),
  detail: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** A row of the exported log: the mark chains a row to the one before (server/store/audit-chain.ts). */
export const MarkedAuditRow = AuditRow.extend({ mark: z.string() });
export type MarkedAuditRow = z.infer<typeof MarkedAuditRow>;

/** Newest first. The next page begins with `before` = id of the last row. */
export const AuditPage = z.object({ rows: z.array(AuditRow) });
export type AuditPage = z.infer<typeof AuditPage>;
