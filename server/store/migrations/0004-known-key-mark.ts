import type { Kysely } from "kysely";

/** Host keys on record are bound to the master key by a mark over the whole row. Rows of before get theirs when the key is first held against the store. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("known_key")
    .addColumn("mark", "text", (c) => c.notNull().defaultTo(""))
    .execute();
}
