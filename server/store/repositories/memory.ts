import type { Kysely } from "kysely";
import type { HostMemory } from "@/lib/graph/pass";
import type { Tables } from "../tables";

/** What the engine keeps of each host between two graphs. */
export interface MemoryRepository {
  get(host: string): Promise<HostMemory>;
  put(host: string, memory: HostMemory, at: number): Promise<void>;
  drop(host: string): Promise<void>;
}

export function memoryRepository(db: Kysely<Tables>): MemoryRepository {
  return {
    async get(host) {
      const row = await db.selectFrom("host_memory").select("memory").where("host", "=", host).executeTakeFirst();
      return row ? (JSON.parse(row.memory) as HostMemory) : {};
    },
    async put(host, memory, at) {
      const row = { memory: JSON.stringify(memory), updated_at: at };
      await db
        .insertInto("host_memory")
        .values({ host, ...row })
        .onConflict((c) => c.column("host").doUpdateSet(row))
        .execute();
    },
    async drop(host) {
      await db.deleteFrom("host_memory").where("host", "=", host).execute();
    },
  };
}
