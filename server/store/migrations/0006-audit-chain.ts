import { type Kysely, sql } from "kysely";

/**
 * The audit log becomes a chain: each row carries a mark over itself and the one before. Rows of before get theirs when the store is opened next, once,
 * which is the only change that the first trigger lets through. Rows are deleted only up to the anchor, which is sealed with the master key.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("audit")
    .addColumn("mark", "text", (c) => c.notNull().defaultTo(""))
    .execute();
  await db.schema
    .createTable("audit_chain")
    .addColumn("name", "text", (c) => c.primaryKey().notNull())
    .addColumn("row_id", "bigint", (c) => c.notNull())
    .addColumn("mark", "text", (c) => c.notNull())
    .addColumn("seal", "text", (c) => c.notNull())
    .execute();
  await sql`drop trigger audit_no_update`.execute(db);
  await sql`drop trigger audit_no_delete`.execute(db);
  await sql`create trigger audit_no_update before update on audit
    when old.mark <> '' or exists (select 1 from audit_chain) or new.id <> old.id or new.at <> old.at or new.who <> old.who
      or new.what <> old.what or new.host is not old.host or new.outcome <> old.outcome or new.detail <> old.detail
    begin select raise(abort, 'the audit log is append only'); end`.execute(db);
  await sql`create trigger audit_no_delete before delete on audit
    when old.id > coalesce((select row_id from audit_chain where name = 'anchor'), 0)
    begin select raise(abort, 'the audit log is append only'); end`.execute(db);
}
