import type { Kysely } from "kysely";
import { OpenSpec } from "../host-spec";
import type { Tables } from "../tables";

/** Hosts as configured, without their secrets. */
export interface HostRepository {
  /** All hosts, by id. Throws for a row that does not read: a host must not vanish without a word. */
  list(): Promise<OpenSpec[]>;
  get(id: string): Promise<OpenSpec | undefined>;
  put(spec: OpenSpec, at: number): Promise<void>;
  drop(id: string): Promise<void>;
}

export function hostRepository(db: Kysely<Tables>): HostRepository {
  const read = (row: { id: string; spec: string }) => OpenSpec.parse({ ...JSON.parse(row.spec), id: row.id });
  return {
    async list() {
      return (await db.selectFrom("host").select(["id", "spec"]).orderBy("id").execute()).map(read);
    },
    async get(id) {
      const row = await db.selectFrom("host").select(["id", "spec"]).where("id", "=", id).executeTakeFirst();
      return row && read(row);
    },
    async put(spec, at) {
      const row = { spec: JSON.stringify(spec), updated_at: at };
      await db
        .insertInto("host")
        .values({ id: spec.id, created_at: at, ...row })
        .onConflict((c) => c.column("id").doUpdateSet(row))
        .execute();
    },
    async drop(id) {
      await db.deleteFrom("host").where("id", "=", id).execute();
    },
  };
}
