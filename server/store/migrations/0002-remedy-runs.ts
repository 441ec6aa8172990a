import type { Kysely } from "kysely";

/** Guarded changes under way and past: read after a crash to say what a host may still undo by itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("remedy_run")
    .addColumn("run", "text", (c) => c.primaryKey().notNull())
    .addColumn("host", "text", (c) => c.notNull())
    .addColumn("ended", "integer", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .execute();
}
