import type { Kysely } from "kysely";
import type { Tables } from "../tables";

/** Attempts of one key (an account, an address, a device); times in Unix ms. */
export interface StoredAttempt {
  readonly key: string;
  readonly count: number;
  readonly last: number;
  readonly until: number;
}

/** What limits on guessing must not forget at a restart: failed attempts, and the devices from which an account has logged in. */
export interface LoginRepository {
  /** All attempts, the longest untouched first. */
  attempts(): Promise<StoredAttempt[]>;
  keepAttempt(attempt: StoredAttempt): Promise<void>;
  dropAttempt(key: string): Promise<void>;
  /** Attempts untouched since then are dropped; how many. */
  pruneAttempts(before: number): Promise<number>;
  /** Whether this device has logged in to this account. */
  isDevice(id: string, account: string): Promise<boolean>;
  /** Remembers the device and that it was seen; of more than `most` the longest unseen are forgotten. */
  keepDevice(id: string, account: string, at: number, most: number): Promise<void>;
  /** Forgets the devices of an account, except one where given. */
  dropDevices(account: string, except?: string): Promise<void>;
  /** Devices unseen since then are dropped; how many. */
  pruneDevices(before: number): Promise<number>;
}

export function loginRepository(db: Kysely<Tables>): LoginRepository {
  return {
    attempts: () => db.selectFrom("login_attempt").selectAll().orderBy("last").execute(),
    async keepAttempt({ key, ...row }) {
      await db
        .insertInto("login_attempt")
        .values({ key, ...row })
        .onConflict((c) => c.column("key").doUpdateSet(row))
        .execute();
    },
    async dropAttempt(key) {
      await db.deleteFrom("login_attempt").where("key", "=", key).execute();
    },
    async pruneAttempts(before) {
      const done = await db.deleteFrom("login_attempt").where("last", "<", before).executeTakeFirst();
      return Number(done.numDeletedRows);
    },
    async isDevice(id, account) {
      const row = await db.selectFrom("login_device").select("account").where("id", "=", id).executeTakeFirst();
      return row?.account === account;
    },
    async keepDevice(id, account, at, most) {
      await db
        .insertInto("login_device")
        .values({ id, account, made_at: at, seen_at: at })
        .onConflict((c) => c.column("id").doUpdateSet({ seen_at: at }))
        .execute();
      const newest = db
        .selectFrom("login_device")
        .select("id")
        .where("account", "=", account)
        .orderBy("seen_at", "desc")
        .orderBy("id")
        .limit(most);
      await db.deleteFrom("login_device").where("account", "=", account).where("id", "not in", newest).execute();
    },
    async dropDevices(account, except) {
      await db
        .deleteFrom("login_device")
        .where("account", "=", account)
        .where("id", "!=", except ?? "")
        .execute();
    },
    async pruneDevices(before) {
      const done = await db.deleteFrom("login_device").where("seen_at", "<", before).executeTakeFirst();
      return Number(done.numDeletedRows);
    },
  };
}
