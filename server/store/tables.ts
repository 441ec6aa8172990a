import type { Generated } from "kysely";

/**
 * Rows as they lie in the database. Times are Unix milliseconds, booleans 0 or 1, structures JSON text: all of it means the same in SQLite and in
 * PostgreSQL. The tables of better-auth (user, session, account, verification, apikey) lie in the same database and are not ours: whoever needs
 * them adds them with `db.withTables<...>()`.
 */
export interface Tables {
  host: { id: string; spec: string; created_at: number; updated_at: number };
  secret: { id: string; nonce: string; sealed: string; updated_at: number };
  known_key: { id: Generated<number>; line: string; fingerprint: string; who: string; at: number; mark: string };
  host_memory: { host: string; memory: string; updated_at: number };
  problem: {
    id: Generated<number>;
    host: string;
    key: string;
    check_id: string;
    subject: string;
    status: string;
    message: string;
    opened_at: number;
    closed_at: number | null;
    /** lib/wire/stored/problem.ts; empty on rows of before bodies were kept. */
    body: string;
  };
  incident: {
    id: string;
    host: string;
    note: string;
    made_by: string;
    made_at: number;
    expires_at: number;
    public: number;
    revoked_at: number | null;
    token_hash: string | null;
    body: string;
  };
  audit: {
    id: Generated<number>;
    at: number;
    who: string;
    what: string;
    host: string | null;
    outcome: string;
    detail: string;
    mark: string;
  };
  audit_chain: { name: string; row_id: number; mark: string; seal: string };
  remedy_run: { run: string; host: string; ended: number; body: string; updated_at: number };
  login_attempt: { key: string; count: number; last: number; until: number };
  login_device: { id: string; account: string; made_at: number; seen_at: number };
  setting: { name: string; value: string };
}
