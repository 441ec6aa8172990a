import { type Kysely, sql } from "kysely";

/**
 * A row of the history holds the problem and not only its English sentence: what is needed to say it in every language,
 * whom it cut off, how often it came back (lib/wire/stored/problem.ts). Rows of before have an empty body.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("problem")
    .addColumn("body", "text", (c) => c.notNull().defaultTo(""))
    .execute();
  await sql`create index problem_by_subject on problem (host, subject, opened_at)`.execute(db);
}
