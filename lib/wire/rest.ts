import { z } from "zod";
import { HostInfo } from "./model";

/** REST bodies. Errors are always {error: {code, message}}: code for programs, message for people, naming the thing. */
export const ApiError = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

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
});
export type HostSpec = z.infer<typeof HostSpec>;

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

export const PlanView = z.object({
  run: z.string(),
  remedy: z.string(),
  host: z.string(),
  finding: z.string(),
  choices: z.array(z.object({ id: z.string(), label: z.string() })),
  choice: z.string().optional(),
  steps: z.array(z.object({ says: z.object({ en: z.string(), zh: z.string() }), do: z.string(), undo: z.string() })),
  affects: z.array(z.string()),
  blinks: z.object({ en: z.string(), zh: z.string() }),
  risk: z.enum(["low", "management"]),
  windowMs: z.number(),
  windowBecause: z.string(),
});
export type PlanView = z.infer<typeof PlanView>;

export const NewIncident = z.object({
  host: z.string(),
  selection: z.string().max(1000).optional(),
  note: z.string().max(4000).default(""),
  expiresInHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 365)
    .default(24 * 30),
  /** Opens without an account for whoever has the link. */
  public: z.boolean().default(false),
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

/**
 * The REST routes (served by server/web before Next sees the request), least role in brackets:
 * - GET /healthz -> {web, collector}
 * - /api/auth/*                                    login, logout, first admin, users, API tokens
 * - GET /api/me -> Me [viewer]
 * - GET /api/hosts -> {cards: HostCard[]} [viewer]; POST /api/hosts HostSpec [admin]; DELETE /api/hosts/:id [admin]; POST /api/hosts/:id/retry [operator]
 * - POST /api/hosts/test HostSpec -> TestResult [admin]; POST /api/hosts/keys {question, replace?} [admin]; POST /api/keys/import {knownHosts} [admin]
 * - GET /api/hosts/:id/snapshot -> HostSnapshot [viewer]
 * - POST /api/demo {hosts}, DELETE /api/demo [admin]
 * - POST /api/remedies {host, finding, choice?} -> PlanView; POST /api/remedies/:run/apply {typedHost?}; POST /api/remedies/:run/undo [operator]
 * - GET /api/incidents -> {incidents: IncidentRow[]} [viewer]; POST /api/incidents NewIncident -> IncidentRow [operator]; DELETE /api/incidents/:id [operator]
 * - GET /api/incidents/:id -> Incident, GET /api/incidents/:id/markdown [viewer, or nobody where public]
 * - GET /api/audit?before=&limit= -> {rows: AuditRow[]} [operator]
 * - GET /api/users, POST /api/users, PATCH /api/users/:id, DELETE /api/users/:id [admin]; GET/POST/DELETE /api/tokens [own]
 */
export const restBase = "/api";
