import type { Kysely } from "kysely";
import { seal, unseal } from "../secrets";
import type { Tables } from "../tables";

/** A host as it was stored: what stands in it besides its name is for whoever reads hosts of its kind to judge. */
export type StoredSpec = { readonly id: string } & Readonly<Record<string, unknown>>;

/** A stored host that cannot be used, and why; never what was in it. */
export interface UnreadHost {
  readonly id: string;
  readonly because: string;
}

/**
 * Hosts as configured. A row is sealed as a whole, under its own name: address, port, user, hops and logins are opened together or not at all, so a
 * stored password never goes to an address that it was not typed for, whoever wrote into the database.
 */
export interface HostRepository {
  /** All hosts, by id. One whose row does not open is told and left out: the others must not suffer for it. */
  list(): Promise<{ readonly specs: StoredSpec[]; readonly unread: UnreadHost[] }>;
  /** Whether there is a row of this name, readable or not. */
  has(id: string): Promise<boolean>;
  put<S extends { readonly id: string }>(spec: S, at: number): Promise<void>;
  drop(id: string): Promise<void>;
}

/** Under this name a host's row is sealed. */
const nameOf = (id: string) => `host:${id}`;

export function sealedSpec(key: Buffer, spec: { readonly id: string }): string {
  return JSON.stringify(seal(key, nameOf(spec.id), JSON.stringify(spec)));
}

export function hostRepository(db: Kysely<Tables>, key: Buffer): HostRepository {
  return {
    async list() {
      const rows = await db.selectFrom("host").select(["id", "spec"]).orderBy("id").execute();
      const specs: StoredSpec[] = [];
      const unread: UnreadHost[] = [];
      for (const row of rows) {
        try {
          const opened: unknown = JSON.parse(unseal(key, nameOf(row.id), sealedOf(row.spec)));
          specs.push({ ...(opened as object), id: row.id });
        } catch (error) {
          unread.push({ id: row.id, because: error instanceof Error ? error.message : String(error) });
        }
      }
      return { specs, unread };
    },
    async has(id) {
      return (await db.selectFrom("host").select("id").where("id", "=", id).executeTakeFirst()) !== undefined;
    },
    async put(spec, at) {
      const row = { spec: sealedSpec(key, spec), updated_at: at };
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

function sealedOf(text: string): { nonce: string; sealed: string } {
  const value: unknown = JSON.parse(text);
  const { nonce, sealed } = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  if (typeof nonce !== "string" || typeof sealed !== "string")
    throw new Error("the row is not sealed with the master key");
  return { nonce, sealed };
}
