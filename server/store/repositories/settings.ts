import type { Kysely } from "kysely";
import { z } from "zod";
import type { Tables } from "../tables";

/** Named values, validated when they are read: a row from another release must not pass for what it is not. */
export interface SettingRepository {
  /** The value, or undefined where it is not set. Throws, naming the setting, when it does not fit the schema. */
  get<S extends z.ZodType>(name: string, schema: S): Promise<z.output<S> | undefined>;
  put(name: string, value: unknown): Promise<void>;
  drop(name: string): Promise<void>;
  /** All whose name begins with `prefix` and whose value is a number, without the prefix: thresholds of checks. */
  numbers(prefix: string): Promise<Record<string, number>>;
}

export function settingRepository(db: Kysely<Tables>): SettingRepository {
  return {
    async get(name, schema) {
      const row = await db.selectFrom("setting").select("value").where("name", "=", name).executeTakeFirst();
      if (!row) return undefined;
      const read = schema.safeParse(JSON.parse(row.value));
      if (!read.success) throw new Error(`setting ${name}: ${z.prettifyError(read.error)}`);
      return read.data;
    },
    async put(name, value) {
      const row = { value: JSON.stringify(value) };
      await db
        .insertInto("setting")
        .values({ name, ...row })
        .onConflict((c) => c.column("name").doUpdateSet(row))
        .execute();
    },
    async drop(name) {
      await db.deleteFrom("setting").where("name", "=", name).execute();
    },
    async numbers(prefix) {
      const rows = await db.selectFrom("setting").selectAll().execute();
      return Object.fromEntries(
        rows.flatMap((row) => {
          const value: unknown = JSON.parse(row.value);
          return row.name.startsWith(prefix) && typeof value === "number"
            ? [[row.name.slice(prefix.length), value]]
            : [];
        }),
      );
    },
  };
}
