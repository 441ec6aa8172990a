import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The secret that signs session cookies: 256 random bits in `<data>/auth.secret` (mode 0600), or TAPROOT_AUTH_SECRET. It lies beside the database,
 * not in it, so that a copy of the database alone opens no session. Both processes may ask first: the file appears whole (link) or not at all.
 * @throws when the file can be neither read nor made, or holds less than 32 characters.
 */
export function authSecret(dataDir: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const given = env.TAPROOT_AUTH_SECRET;
  if (given !== undefined) return strong(given, "TAPROOT_AUTH_SECRET");
  const path = join(dataDir, "auth.secret");
  const found = read(path);
  if (found !== undefined) return strong(found, path);
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error; // EEXIST: the other process was first, and its secret counts.
  } finally {
    rmSync(draft, { force: true });
  }
  return strong(readFileSync(path, "utf8"), path);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function strong(secret: string, from: string): string {
  const trimmed = secret.trim();
  if (trimmed.length < 32) throw new Error(`${from} holds less than 32 characters: too weak to sign sessions`);
  return trimmed;
}

const isCode = (error: unknown, code: string) => error instanceof Error && "code" in error && error.code === code;
