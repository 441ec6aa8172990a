import { type Kysely, sql } from "kysely";

/** Hosts, secrets, known keys, memory, problems, incidents, audit, settings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("host")
    .addColumn("id", "text", (c) => c.primaryKey().notNull())
    .addColumn("spec", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("secret")
    .addColumn("id", "text", (c) => c.primaryKey().notNull())
    .addColumn("nonce", "text", (c) => c.notNull())
    .addColumn("sealed", "text", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("known_key")
    .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
    .addColumn("line", "text", (c) => c.notNull().unique())
    .addColumn("fingerprint", "text", (c) => c.notNull())
    .addColumn("who", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("host_memory")
    .addColumn("host", "text", (c) => c.primaryKey().notNull())
    .addColumn("memory", "text", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .execute();
  await problems(db);
  await db.schema
    .createTable("incident")
    .addColumn("id", "text", (c) => c.primaryKey().notNull())
    .addColumn("host", "text", (c) => c.notNull())
    .addColumn("note", "text", (c) => c.notNull())
    .addColumn("made_by", "text", (c) => c.notNull())
    .addColumn("made_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("public", "integer", (c) => c.notNull())
    .addColumn("revoked_at", "bigint")
    .addColumn("token_hash", "text")
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  await audit(db);
  await db.schema
    .createTable("setting")
    .addColumn("name", "text", (c) => c.primaryKey().notNull())
    .addColumn("value", "text", (c) => c.notNull())
    .execute();
}

async function problems(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("problem")
    .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
    .addColumn("host", "text", (c) => c.notNull())
    .addColumn("key", "text", (c) => c.notNull())
    .addColumn("check_id", "text", (c) => c.notNull())
    .addColumn("subject", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("message", "text", (c) => c.notNull())
    .addColumn("opened_at", "bigint", (c) => c.notNull())
    .addColumn("closed_at", "bigint")
    .execute();
  await db.schema.createIndex("problem_by_host").on("problem").columns(["host", "opened_at"]).execute();
  // One problem is open once: the recorder may be started twice after a crash and must not double its rows.
  await sql`create unique index problem_open on problem (host, key) where closed_at is null`.execute(db);
}

async function audit(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("audit")
    .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("who", "text", (c) => c.notNull())
    .addColumn("what", "text", (c) => c.notNull())
    .addColumn("host", "text")
    .addColumn("outcome", "text", (c) => c.notNull())
    .addColumn("detail", "text", (c) => c.notNull())
    .execute();
  // Append only, and not by promise: the database itself refuses.
  await sql`create trigger audit_no_update before update on audit begin select raise(abort, 'the audit log is append only'); end`.execute(
    db,
  );
  await sql`create trigger audit_no_delete before delete on audit begin select raise(abort, 'the audit log is append only'); end`.execute(
    db,
  );
}
