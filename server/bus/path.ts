import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Longest socket path that every system takes: 108 bytes on Linux, 104 on others, with the end mark. */
const longest = 103;

/**
 * Path of the collector's socket: in the data folder, or, where that path is too long for a socket, in a folder for this user only
 * under the system's temporary folder, named after the data folder. Both processes come to the same answer. Throws when that folder belongs to
 * somebody else: whoever owns it could put a socket of his own there.
 */
export function busPath(dataDir: string, temporary: string = tmpdir()): string {
  const path = join(resolve(dataDir), "bus.sock");
  if (Buffer.byteLength(path) <= longest) return path;
  const folder = join(temporary, `taproot-${createHash("sha256").update(path).digest("hex").slice(0, 16)}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
    throw new Error(`${folder} is not a folder of this user alone: remove it, or choose a shorter data folder`);
  return join(folder, "bus.sock");
}
