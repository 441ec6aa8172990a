import type { Kysely } from "kysely";
import type { AuditRow } from "@/lib/wire/rest";
import type { Tables } from "../tables";

export type AuditEntry = Omit<AuditRow, "id">;

/** Who did what, when, to which host, and how it ended. Rows are added, never changed: triggers in the database refuse. */
export interface AuditRepository {
  add(entry: AuditEntry): Promise<void>;
  /** Newest first; `before`: only rows with a smaller id. */
  list(limit: number, before?: number): Promise<AuditRow[]>;
}

export function auditRepository(db: Kysely<Tables>): AuditRepository {
  return {
    async add(entry) {
      await db.insertInto("audit").values(entry).execute();
    },
    async list(limit, before) {
      let query = db.selectFrom("audit").selectAll().orderBy("id", "desc").limit(limit);
      if (before !== undefined) query = query.where("id", "<", before);
      return query.execute();
    },
  };
}
