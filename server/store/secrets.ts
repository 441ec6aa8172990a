import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { StoreError } from "./errors";
import type { Tables } from "./tables";

const checkId = "key-check";
const checkText = "taproot";

/** A secret that does not open: another key, another record's bytes, or changed bytes. */
export class SecretError extends Error {
  override readonly name = "SecretError";
}

/** AES-256-GCM; a nonce of its own for each sealing, and the record's id as associated data, so that one record's bytes never pass for another's. */
export function seal(key: Buffer, id: string, plain: string): { nonce: string; sealed: string } {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(id, "utf8"));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString("base64"), sealed: body.toString("base64") };
}

/** Opens what `seal` made. Throws SecretError naming the record, never its content. */
export function unseal(key: Buffer, id: string, record: { nonce: string; sealed: string }): string {
  const body = Buffer.from(record.sealed, "base64");
  const nonce = Buffer.from(record.nonce, "base64");
  if (body.length < 16 || nonce.length !== 12) throw new SecretError(`the secret ${id} is damaged`);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(id, "utf8"));
    decipher.setAuthTag(body.subarray(body.length - 16));
    return Buffer.concat([decipher.update(body.subarray(0, body.length - 16)), decipher.final()]).toString("utf8");
  } catch (error) {
    throw new SecretError(`the secret ${id} does not open with this key`, { cause: error });
  }
}

/** The stored secrets, open. Only the collector has one. */
export interface Secrets {
  get(id: string): Promise<string | undefined>;
  put(id: string, plain: string): Promise<void>;
  drop(id: string): Promise<void>;
}

/**
 * Opens the secrets of a store with the master key. The first key that opens them leaves a check record; another key later is refused with
 * a StoreError before anything is read or written, so a wrong key loses nothing.
 */
export async function openSecrets(db: Kysely<Tables>, key: Buffer): Promise<Secrets> {
  const read = (id: string) =>
    db.selectFrom("secret").select(["nonce", "sealed"]).where("id", "=", id).executeTakeFirst();
  const put = async (id: string, plain: string) => {
    const row = { ...seal(key, id, plain), updated_at: Date.now() };
    await db
      .insertInto("secret")
      .values({ id, ...row })
      .onConflict((c) => c.column("id").doUpdateSet(row))
      .execute();
  };
  const check = await read(checkId);
  if (!check) await put(checkId, checkText);
  else if (!opens(key, check))
    throw new StoreError(
      "the secret key does not fit this data folder: give the key that it was made with (TAPROOT_KEY, TAPROOT_KEY_FILE or secret.key); nothing was changed",
    );
  return {
    async get(id) {
      const row = await read(id);
      return row && unseal(key, id, row);
    },
    put,
    async drop(id) {
      await db.deleteFrom("secret").where("id", "=", id).execute();
    },
  };
}

function opens(key: Buffer, check: { nonce: string; sealed: string }): boolean {
  try {
    return unseal(key, checkId, check) === checkText;
  } catch (error) {
    if (error instanceof SecretError) return false;
    throw error;
  }
}
