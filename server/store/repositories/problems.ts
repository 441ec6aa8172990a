import type { Kysely, Selectable } from "kysely";
import type { PastProblem } from "@/lib/problems/past";
import type { Problem } from "@/lib/problems/problem";
import { readProblemBody, writeProblemBody } from "@/lib/wire/stored/problem";
import type { Tables } from "../tables";

/** When which problem opened, changed and closed. */
export interface ProblemRepository {
  /**
   * The problem is there. An open row is brought up to date; one that closed since this problem began is opened again,
   * for it is the same that came back; else a row is opened.
   */
  put(host: string, problem: Problem): Promise<void>;
  close(host: string, key: string, at: number): Promise<void>;
  openOf(host: string): Promise<PastProblem[]>;
  /** Newest first; of one node or edge where `subject` names it. */
  history(host: string, which: { readonly subject?: string; readonly limit: number }): Promise<PastProblem[]>;
  /** Forgets what closed before `before`, Unix ms. Returns how many rows went. */
  prune(before: number): Promise<number>;
}

export function problemRepository(db: Kysely<Tables>): ProblemRepository {
  const rows = db.selectFrom("problem").selectAll();
  return {
    async put(host, problem) {
      const { key } = problem;
      const now = { status: problem.status, message: problem.message, body: writeProblemBody(problem) };
      const same = db.updateTable("problem").where("host", "=", host).where("key", "=", key);
      const open = await same.set(now).where("closed_at", "is", null).executeTakeFirst();
      if (open.numUpdatedRows > 0n) return;
      const back = await same
        .set({ ...now, closed_at: null })
        .where("id", "=", (q) =>
          q
            .selectFrom("problem as last")
            .select((f) => f.fn.max("last.id").as("id"))
            .where("last.host", "=", host)
            .where("last.key", "=", key)
            .where("last.closed_at", ">=", problem.since),
        )
        .executeTakeFirst();
      if (back.numUpdatedRows > 0n) return;
      await db
        .insertInto("problem")
        .values({
          host,
          key,
          check_id: problem.check,
          subject: problem.subject,
          ...now,
          opened_at: problem.since,
          closed_at: null,
        })
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
      const found = await rows.where("host", "=", host).where("closed_at", "is", null).orderBy("id").execute();
      return found.map(pastOf);
    },
    async history(host, { subject, limit }) {
      const all = rows.where("host", "=", host);
      const some = subject === undefined ? all : all.where("subject", "=", subject);
      const found = await some.orderBy("opened_at", "desc").orderBy("id", "desc").limit(limit).execute();
      return found.map(pastOf);
    },
    async prune(before) {
      const gone = await db.deleteFrom("problem").where("closed_at", "<", before).executeTakeFirst();
      return Number(gone.numDeletedRows);
    },
  };
}

function pastOf(row: Selectable<Tables["problem"]>): PastProblem {
  const body = readProblemBody(row.body);
  return {
    id: row.id,
    host: row.host,
    key: row.key,
    check: row.check_id,
    subject: row.subject,
    status: row.status === "warn" ? "warn" : "fail",
    message: row.message,
    ...(body ? { params: body.params } : {}),
    tail: body?.tail ?? [],
    impacts: body?.impacts ?? [],
    since: row.opened_at,
    last: body?.last ?? row.opened_at,
    flaps: body?.flaps ?? 0,
    closedAt: row.closed_at,
  };
}
