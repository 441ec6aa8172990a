import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import type { Kysely } from "kysely";
import { StoreError } from "./errors";
import type { Tables } from "./tables";

const checkId = "key-check";
/** What the check record said while hosts and keys were not bound to the master key as whole rows, and what it says since. */
const plainText = "taproot";
const boundText = "taproot, rows bound";

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

/** A key of its own for each purpose, from the master key (HKDF, RFC 5869): what one of them signs or seals means nothing to another. */
export function deriveKey(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", masterKey, "", `taproot ${purpose}`, 32));
}

/** HMAC over named fields. Each is preceded by its length, so that no two rows read the same. */
export function macOf(key: Buffer, fields: readonly string[]): string {
  const hmac = createHmac("sha256", key);
  for (const field of fields) hmac.update(`${Buffer.byteLength(field)}:`).update(field);
  return hmac.digest("base64url");
}

/** Whether `given` is the HMAC of the fields, compared in constant time. */
export function macFits(key: Buffer, fields: readonly string[], given: string): boolean {
  const right = Buffer.from(macOf(key, fields));
  const shown = Buffer.from(given);
  return right.length === shown.length && timingSafeEqual(right, shown);
}

/**
 * Holds the master key against the store. The first key leaves a check record; another key later is refused with a StoreError before anything is read or
 * written, so a wrong key loses nothing. `bindRows` brings rows of older releases, which were not bound to the key, into the sealed form: once, for the
 * record says afterwards that it was done. A row that is not bound is refused from then on.
 */
export async function checkKey(db: Kysely<Tables>, key: Buffer, bindRows: () => Promise<void>): Promise<void> {
  const check = await db.selectFrom("secret").select(["nonce", "sealed"]).where("id", "=", checkId).executeTakeFirst();
  const found = check && opened(key, check);
  if (check && found === undefined)
    throw new StoreError(
      "the secret key does not fit this data folder: give the key that it was made with (TAPROOT_KEY, TAPROOT_KEY_FILE or secret.key); nothing was changed",
    );
  if (found === boundText) return;
  if (found !== undefined) await bindRows();
  const row = { ...seal(key, checkId, boundText), updated_at: Date.now() };
  await db
    .insertInto("secret")
    .values({ id: checkId, ...row })
    .onConflict((c) => c.column("id").doUpdateSet(row))
    .execute();
}

/** The text of the check record; undefined where the key does not open it. */
function opened(key: Buffer, check: { nonce: string; sealed: string }): string | undefined {
  try {
    const text = unseal(key, checkId, check);
    return text === plainText || text === boundText ? text : undefined;
  } catch (error) {
    if (error instanceof SecretError) return undefined;
    throw error;
  }
}
