import type { Kysely, Transaction } from "kysely";
import type { AuditRow } from "@/lib/wire/rest";
import { type ChainRow, isSealed, markOf, sealedEnd } from "../audit-chain";
import type { Tables } from "../tables";

export type AuditEntry = Omit<AuditRow, "id">;

/**
 * Who did what, when, to which host, and how it ended. Rows are added, never changed: triggers in the database refuse, and each row is chained to the one
 * before by a mark that only the master key makes (audit-chain.ts).
 */
export interface AuditRepository {
  add(entry: AuditEntry): Promise<void>;
  /** Newest first; `before`: only rows with a smaller id. */
  list(limit: number, before?: number): Promise<AuditRow[]>;
  /** Oldest first, with their marks; `after`: only rows with a greater id. */
  export(after: number, limit: number): Promise<ChainRow[]>;
  /** Deletes the oldest rows, while they are older than `before` (Unix ms), at most `most`, and never the newest of all. How many. */
  prune(before: number, most: number): Promise<number>;
}

const columns = ["id", "at", "who", "what", "host", "outcome", "detail"] as const;

/** @param key of this purpose alone (deriveKey). */
export function auditRepository(db: Kysely<Tables>, key: Buffer): AuditRepository {
  return {
    add: (entry) => db.transaction().execute((tx) => append(tx, key, clipped(entry))),
    async list(limit, before) {
      let query = db.selectFrom("audit").select(columns).orderBy("id", "desc").limit(limit);
      if (before !== undefined) query = query.where("id", "<", before);
      return query.execute();
    },
    export: (after, limit) =>
      db
        .selectFrom("audit")
        .select([...columns, "mark"])
        .where("id", ">", after)
        .orderBy("id")
        .limit(limit)
        .execute(),
    prune: (before, most) => db.transaction().execute((tx) => prune(tx, key, before, most)),
  };
}

type Tx = Transaction<Tables>;

/** What one row may take: nobody may delete it for months, and part of it is what somebody asked for. */
const clip = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}...` : text);
const clipped = (entry: AuditEntry): AuditEntry => ({
  ...entry,
  who: clip(entry.who, 300),
  host: entry.host === null ? null : clip(entry.host, 200),
  outcome: clip(entry.outcome, 4_000),
  detail: clip(entry.detail, 16_000),
});

async function append(tx: Tx, key: Buffer, entry: AuditEntry): Promise<void> {
  const head = await endOf(tx, "head");
  if (isSealed(key, head)) return chain(tx, key, head, [entry]);
  // Somebody else was at the database. The log goes on from the row that is last now, and says so: the gap stays to be seen.
  const last = await tx.selectFrom("audit").select(["id", "mark"]).orderBy("id", "desc").executeTakeFirst();
  const told = {
    at: entry.at,
    who: "taproot",
    what: "audit log tampered with",
    host: null,
    outcome: "failed",
    detail: "the record of where the log ended was missing or changed; rows before this one may be missing",
  };
  await chain(tx, key, { row_id: last?.id ?? 0, mark: last?.mark ?? "" }, [told, entry]);
}

async function chain(
  tx: Tx,
  key: Buffer,
  from: { readonly row_id: number; readonly mark: string },
  entries: readonly AuditEntry[],
): Promise<void> {
  let { row_id: id, mark } = from;
  for (const { at, who, what, host, outcome, detail } of entries) {
    const row = { id: id + 1, at, who, what, host, outcome, detail };
    id = row.id;
    mark = markOf(key, mark, row);
    await tx
      .insertInto("audit")
      .values({ ...row, mark })
      .execute();
  }
  await putEnd(tx, key, "head", id, mark);
}

async function prune(tx: Tx, key: Buffer, before: number, most: number): Promise<number> {
  const oldest = await tx
    .selectFrom("audit")
    .select(["id", "at", "mark"])
    .orderBy("id")
    .limit(most + 1)
    .execute();
  const young = oldest.findIndex((row) => row.at >= before);
  const gone = oldest.slice(0, young < 0 ? oldest.length - 1 : Math.min(young, most));
  const last = gone.at(-1);
  if (!last) return 0;
  await putEnd(tx, key, "anchor", last.id, last.mark);
  await tx.deleteFrom("audit").where("id", "<=", last.id).execute();
  return gone.length;
}

const endOf = (tx: Tx, name: "anchor" | "head") =>
  tx.selectFrom("audit_chain").selectAll().where("name", "=", name).executeTakeFirst();

async function putEnd(tx: Tx, key: Buffer, name: "anchor" | "head", rowId: number, mark: string): Promise<void> {
  const { name: _, ...end } = sealedEnd(key, name, rowId, mark);
  await tx
    .insertInto("audit_chain")
    .values({ name, ...end })
    .onConflict((c) => c.column("name").doUpdateSet(end))
    .execute();
}

/** Chains the rows of a release that knew no chain. Once: afterwards there is a chain, and a row without its mark is told by whoever checks it. */
export async function chainAudit(db: Kysely<Tables>, key: Buffer): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const begun = await tx.selectFrom("audit_chain").select("name").executeTakeFirst();
    const marked = await tx.selectFrom("audit").select("id").where("mark", "!=", "").executeTakeFirst();
    if (begun || marked) return;
    let mark = "";
    let last = 0;
    for (const row of await tx.selectFrom("audit").select(columns).orderBy("id").execute()) {
      mark = markOf(key, mark, row);
      last = row.id;
      await tx.updateTable("audit").set({ mark }).where("id", "=", row.id).execute();
    }
    await putEnd(tx, key, "anchor", 0, "");
    await putEnd(tx, key, "head", last, mark);
  });
}
