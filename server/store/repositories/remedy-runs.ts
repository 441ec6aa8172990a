import type { Database } from "better-sqlite3";
import type { Compilable, Kysely } from "kysely";
import type { Tables } from "../tables";

export interface StoredRun {
  readonly run: string;
  readonly host: string;
  readonly ended: boolean;
  /** JSON of the run, as server/collector/remedy writes it. */
  readonly body: string;
  readonly updatedAt: number;
}

/**
 * Guarded changes. The row must lie in the database before the step that it speaks of touches a host, so this repository is synchronous (alone
 * of all; on PostgreSQL its caller will have to wait).
 */
export interface RemedyRunRepository {
  put(run: StoredRun): void;
  get(run: string): StoredRun | undefined;
  /** Runs without an end, oldest first. */
  open(): StoredRun[];
  /** The newest first, ended or not. */
  recent(limit: number): StoredRun[];
}

type Row = Tables["remedy_run"];

export function remedyRunRepository(db: Kysely<Tables>, file: Database): RemedyRunRepository {
  const rows = (query: Compilable<Row>): StoredRun[] => {
    const { sql, parameters } = query.compile();
    return file
      .prepare<unknown[], Row>(sql)
      .all(...parameters)
      .map((row) => ({
        run: row.run,
        host: row.host,
        ended: row.ended === 1,
        body: row.body,
        updatedAt: row.updated_at,
      }));
  };
  const all = db.selectFrom("remedy_run").selectAll();
  return {
    put(run) {
      const row = { host: run.host, ended: run.ended ? 1 : 0, body: run.body, updated_at: run.updatedAt };
      const { sql, parameters } = db
        .insertInto("remedy_run")
        .values({ run: run.run, ...row })
        .onConflict((c) => c.column("run").doUpdateSet(row))
        .compile();
      file.prepare<unknown[]>(sql).run(...parameters);
    },
    get: (run) => rows(all.where("run", "=", run))[0],
    open: () => rows(all.where("ended", "=", 0).orderBy("updated_at").orderBy("run")),
    recent: (limit) => rows(all.orderBy("updated_at", "desc").orderBy("run").limit(limit)),
  };
}
