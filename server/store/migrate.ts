import { type Kysely, sql } from "kysely";
import { StoreError } from "./errors";
import { migrations as all, type Migration } from "./migrations/all";

let before: Promise<unknown> = Promise.resolve();

/**
 * Brings a database to the newest shape. Both processes call it when they open the store: the write lock taken first makes the second one wait and
 * then find nothing to do (kysely's own Migrator takes no lock on SQLite). All or nothing. Throws StoreError for a database that a newer
 * release has written, since there is no way back.
 */
export function migrate(db: Kysely<unknown>, migrations: readonly Migration[] = all): Promise<void> {
  // Within one process a second connection would block the event loop on the lock that the first can then never release.
  const turn = before.then(() => migrateNow(db, migrations));
  before = turn.catch(() => undefined);
  return turn;
}

async function migrateNow(db: Kysely<unknown>, migrations: readonly Migration[]): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await sql`create table if not exists migration (id text primary key not null, at bigint not null)`.execute(
        connection,
      );
      const { rows } = await sql<{ id: string }>`select id from migration order by id`.execute(connection);
      const known = new Set(migrations.map((m) => m.id));
      const done = new Set(rows.map((row) => row.id));
      const foreign = rows.find((row) => !known.has(row.id));
      if (foreign)
        throw new StoreError(
          `the database was written by a newer release (it has step ${foreign.id}): start that release, or use another data folder`,
        );
      for (const step of migrations) {
        if (done.has(step.id)) continue;
        await step.up(connection);
        await sql`insert into migration (id, at) values (${step.id}, ${Date.now()})`.execute(connection);
      }
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}
