import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

/** A token by which the two ends of the bus know that they belong together; made anew with each start. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** Compared in constant time, whatever the lengths. */
export function sameToken(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * The token from the file that TAPROOT_BUS_TOKEN_FILE names: where no supervisor of ours starts the two processes, who does (systemd) gives both the same
 * file. Throws an Error naming the file when it cannot be read or holds less than 32 characters.
 */
export function tokenFromFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    throw new Error(`TAPROOT_BUS_TOKEN_FILE ${path} cannot be read (${code})`);
  }
  if (text.length < 32) throw new Error(`TAPROOT_BUS_TOKEN_FILE ${path} holds less than 32 characters`);
  return text;
}
