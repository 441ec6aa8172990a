import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "./errors";

const how = "32 bytes as 64 hex digits or as base64 (openssl rand -hex 32 makes one)";

/** Reads a key as people write it. Throws StoreError naming where it came from, never what it was. */
export function parseKey(text: string, from: string): Buffer {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, "hex");
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed) ? Buffer.from(trimmed, "base64url") : Buffer.alloc(0);
  if (bytes.length !== 32) throw new StoreError(`${from} is not a secret key: it must be ${how}`);
  return bytes;
}

/**
 * The key that seals the stored secrets: TAPROOT_KEY, else the file that TAPROOT_KEY_FILE names, else `secret.key` in the data folder, which is made
 * (mode 0600) when there is none. Only the supervisor and the collector call this.
 *
 * A key file beside the data keeps a stolen backup of the database useless only if the file is not in the backup; whoever needs more than that
 * sets one of the variables.
 */
export function loadMasterKey(dataDir: string, env: Readonly<Record<string, string | undefined>>): Buffer {
  if (env.TAPROOT_KEY) return parseKey(env.TAPROOT_KEY, "TAPROOT_KEY");
  const named = env.TAPROOT_KEY_FILE;
  const path = named || join(dataDir, "secret.key");
  try {
    return parseKey(readFileSync(path, "utf8"), path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof StoreError) throw error;
    if (code !== "ENOENT" || named)
      throw new StoreError(`the secret key file ${path} cannot be read (${code ?? error})`);
  }
  return makeKeyFile(path);
}

function makeKeyFile(path: string): Buffer {
  const key = randomBytes(32);
  // "wx": two starts at the same moment must not each believe in their own key.
  let fd: number;
  try {
    fd = openSync(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return parseKey(readFileSync(path, "utf8"), path);
    throw new StoreError(`the secret key file ${path} cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    writeSync(fd, `${key.toString("hex")}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return key;
}
