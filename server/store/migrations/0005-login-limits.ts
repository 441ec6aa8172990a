import type { Kysely } from "kysely";

/** Failed log-ins and known devices, so that a restart forgets neither. `until`: when the next attempt is taken. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("login_attempt")
    .addColumn("key", "text", (c) => c.primaryKey().notNull())
    .addColumn("count", "integer", (c) => c.notNull())
    .addColumn("last", "bigint", (c) => c.notNull())
    .addColumn("until", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("login_device")
    .addColumn("id", "text", (c) => c.primaryKey().notNull())
    .addColumn("account", "text", (c) => c.notNull())
    .addColumn("made_at", "bigint", (c) => c.notNull())
    .addColumn("seen_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("login_device_by_account").on("login_device").columns(["account", "seen_at"]).execute();
}
