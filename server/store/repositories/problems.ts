import type { Kysely } from "kysely";
import type { Tables } from "../tables";

export interface ProblemOpening {
  readonly host: string;
  /** Key of the finding: `<check>@<subject>`. */
  readonly key: string;
  readonly check: string;
  readonly subject: string;
  readonly status: "fail" | "warn";
  readonly message: string;
  readonly at: number;
}

export interface ProblemRow extends Omit<ProblemOpening, "at" | "status"> {
  readonly id: number;
  readonly status: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
}

/** When which problem opened and closed. */
export interface ProblemRepository {
  /** Opens it, unless it is open: then its status and message are brought up to date. */
  open(problem: ProblemOpening): Promise<void>;
  close(host: string, key: string, at: number): Promise<void>;
  openOf(host: string): Promise<ProblemRow[]>;
  /** Newest first. */
  history(host: string, limit: number): Promise<ProblemRow[]>;
  /** Forgets what closed before `before`, Unix ms. Returns how many rows went. */
  prune(before: number): Promise<number>;
}

export function problemRepository(db: Kysely<Tables>): ProblemRepository {
  const rows = db
    .selectFrom("problem")
    .select([
      "id",
      "host",
      "key",
      "check_id as check",
      "subject",
      "status",
      "message",
      "opened_at as openedAt",
      "closed_at as closedAt",
    ]);
  return {
    async open(p) {
      const news = { status: p.status, message: p.message };
      await db
        .insertInto("problem")
        .values({
          host: p.host,
          key: p.key,
          check_id: p.check,
          subject: p.subject,
          ...news,
          opened_at: p.at,
          closed_at: null,
        })
        .onConflict((c) => c.columns(["host", "key"]).where("closed_at", "is", null).doUpdateSet(news))
        .execute();
    },
    async close(host, key, at) {
      await db
        .updateTable("problem")
        .set({ closed_at: at })
        .where("host", "=", host)
        .where("key", "=", key)
        .where("closed_at", "is", null)
        .execute();
    },
    async openOf(host) {
      return rows.where("host", "=", host).where("closed_at", "is", null).orderBy("id").execute();
    },
    async history(host, limit) {
      return rows.where("host", "=", host).orderBy("opened_at", "desc").orderBy("id", "desc").limit(limit).execute();
    },
    async prune(before) {
      const gone = await db.deleteFrom("problem").where("closed_at", "<", before).executeTakeFirst();
      return Number(gone.numDeletedRows);
    },
  };
}
