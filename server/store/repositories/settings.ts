import type { Kysely } from "kysely";
import { z } from "zod";
import type { Tables } from "../tables";

/** Named values, validated when they are read: a row from another release must not pass for what it is not. */
export interface SettingRepository {
  /** The value, or undefined where it is not set. Throws, naming the setting, when it does not fit the schema. */
  get<S extends z.ZodType>(name: string, schema: S): Promise<z.output<S> | undefined>;
  put(name: string, value: unknown): Promise<void>;
  drop(name: string): Promise<void>;
  /** All whose name begins with `prefix`, by the rest of the name. Nothing is checked: a value that is no JSON stands as the text that it is. */
  under(prefix: string): Promise<ReadonlyMap<string, unknown>>;
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
    async under(prefix) {
      const rows = await db.selectFrom("setting").selectAll().orderBy("name").execute();
      return new Map(
        rows
          .filter((row) => row.name.startsWith(prefix))
          .map((row) => [row.name.slice(prefix.length), jsonOrText(row.value)]),
      );
    },
  };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Written by something else than us; whoever reads it refuses a text where it wants a number.
    return text;
  }
}
