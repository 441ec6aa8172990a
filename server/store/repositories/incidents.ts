import type { Kysely } from "kysely";
import type { Incident } from "@/lib/wire/share";
import { readIncident } from "@/lib/wire/stored/incident";
import type { Tables } from "../tables";

export interface IncidentHead {
  readonly id: string;
  readonly host: string;
  readonly note: string;
  readonly madeBy: string;
  readonly madeAt: number;
  readonly expiresAt: number;
  readonly public: boolean;
  readonly revokedAt: number | null;
  /** Hash of the token in the link, for links that open without an account. The token itself is never stored. */
  readonly tokenHash: string | null;
}

/** Frozen incidents. The body is written once and never changed; when the link ends, it is deleted and the head stays, to say so. */
export interface IncidentRepository {
  add(head: Omit<IncidentHead, "revokedAt">, body: Incident): Promise<void>;
  /** Newest first, revoked and expired ones included. */
  list(limit: number): Promise<IncidentHead[]>;
  head(id: string): Promise<IncidentHead | undefined>;
  /** How many have neither been revoked nor expired at this time (Unix ms). */
  countOpen(at: number): Promise<number>;
  /** Head and body (null once it was deleted). Whether it may still be opened is for the caller to judge: the answers differ (gone, not found). */
  get(id: string): Promise<{ head: IncidentHead; body: Incident | null } | undefined>;
  /** Deletes the body too. False when there is none, or it was revoked before. */
  revoke(id: string, at: number): Promise<boolean>;
  /** Deletes the bodies of those that were revoked, or had expired by then (Unix ms). How many. */
  dropBodies(before: number): Promise<number>;
  /** Deletes what expired or was revoked before then (Unix ms), head and all, at most `most`. How many. */
  prune(before: number, most: number): Promise<number>;
}

/** Stands for a body that was deleted: the column takes no null. */
const gone = "";

export function incidentRepository(db: Kysely<Tables>): IncidentRepository {
  // Long: one entry for each query of the table.
  const columns = [
    "id",
    "host",
    "note",
    "made_by as madeBy",
    "made_at as madeAt",
    "expires_at as expiresAt",
    "public",
    "revoked_at as revokedAt",
    "token_hash as tokenHash",
  ] as const;
  return {
    async add(head, body) {
      await db
        .insertInto("incident")
        .values({
          id: head.id,
          host: head.host,
          note: head.note,
          made_by: head.madeBy,
          made_at: head.madeAt,
          expires_at: head.expiresAt,
          public: head.public ? 1 : 0,
          revoked_at: null,
          token_hash: head.tokenHash,
          body: JSON.stringify(body),
        })
        .execute();
    },
    async list(limit) {
      const rows = await db
        .selectFrom("incident")
        .select(columns)
        .orderBy("made_at", "desc")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, public: row.public === 1 }));
    },
    async head(id) {
      const row = await db.selectFrom("incident").select(columns).where("id", "=", id).executeTakeFirst();
      return row && { ...row, public: row.public === 1 };
    },
    async countOpen(at) {
      const row = await db
        .selectFrom("incident")
        .select((q) => q.fn.countAll<number>().as("count"))
        .where("revoked_at", "is", null)
        .where("expires_at", ">", at)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    async get(id) {
      const row = await db
        .selectFrom("incident")
        .select([...columns, "body"])
        .where("id", "=", id)
        .executeTakeFirst();
      if (!row) return undefined;
      const { body, ...head } = row;
      return {
        head: { ...head, public: head.public === 1 },
        body: body === gone ? null : readIncident(JSON.parse(body)),
      };
    },
    async prune(before, most) {
      const old = db
        .selectFrom("incident")
        .select("id")
        .where((or) => or.or([or("expires_at", "<", before), or("revoked_at", "<", before)]))
        .limit(most);
      const done = await db.deleteFrom("incident").where("id", "in", old).executeTakeFirst();
      return Number(done.numDeletedRows);
    },
    async revoke(id, at) {
      const done = await db
        .updateTable("incident")
        .set({ revoked_at: at, body: gone })
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
    async dropBodies(before) {
      const done = await db
        .updateTable("incident")
        .set({ body: gone })
        .where("body", "!=", gone)
        .where((or) => or.or([or("expires_at", "<=", before), or("revoked_at", "is not", null)]))
        .executeTakeFirst();
      return Number(done.numUpdatedRows);
    },
  };
}
