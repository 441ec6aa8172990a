import type { Kysely } from "kysely";
import type { Tables } from "../tables";

export interface StoredRun {
  readonly run: string;
  readonly host: string;
  readonly ended: boolean;
  /** JSON of the run, as server/collector/remedy writes it. */
  readonly body: string;
  readonly updatedAt: number;
}

/** Guarded changes. The row must lie in the database before the step that it speaks of touches a host: `put` resolves when it does. */
export interface RemedyRunRepository {
  put(run: StoredRun): Promise<void>;
  get(run: string): Promise<StoredRun | undefined>;
  /** Runs without an end, oldest first. */
  open(): Promise<StoredRun[]>;
  /** The newest first, ended or not. */
  recent(limit: number): Promise<StoredRun[]>;
  /** Deletes ended runs that were touched last before then (Unix ms), at most `most`. How many. */
  prune(before: number, most: number): Promise<number>;
}

type Row = Tables["remedy_run"];

const runOf = (row: Row): StoredRun => ({
  run: row.run,
  host: row.host,
  ended: row.ended === 1,
  body: row.body,
  updatedAt: row.updated_at,
});

export function remedyRunRepository(db: Kysely<Tables>): RemedyRunRepository {
  const all = db.selectFrom("remedy_run").selectAll();
  return {
    async put(run) {
      const row = { host: run.host, ended: run.ended ? 1 : 0, body: run.body, updated_at: run.updatedAt };
      await db
        .insertInto("remedy_run")
        .values({ run: run.run, ...row })
        .onConflict((c) => c.column("run").doUpdateSet(row))
        .execute();
    },
    async get(run) {
      const row = await all.where("run", "=", run).executeTakeFirst();
      return row && runOf(row);
    },
    open: async () => (await all.where("ended", "=", 0).orderBy("updated_at").orderBy("run").execute()).map(runOf),
    async prune(before, most) {
      const old = db
        .selectFrom("remedy_run")
        .select("run")
        .where("ended", "=", 1)
        .where("updated_at", "<", before)
        .limit(most);
      const done = await db.deleteFrom("remedy_run").where("run", "in", old).executeTakeFirst();
      return Number(done.numDeletedRows);
    },
    recent: async (limit) => (await all.orderBy("updated_at", "desc").orderBy("run").limit(limit).execute()).map(runOf),
  };
}
