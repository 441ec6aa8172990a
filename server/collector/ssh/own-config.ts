import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Connect, SshFailure } from "./api";

/**
 * Lets names, ports and jump hosts of the collector's own ~/.ssh/config count, as they do for whoever types `ssh NAME` on that machine. Read at each
 * connect: an edit needs no restart. What a host's entry gives itself goes first. No file is no configuration; one that cannot be read is said.
 */
export function withOwnConfig(connect: Connect, path = join(homedir(), ".ssh", "config")): Connect {
  return async (spec, keys, options = {}) => {
    const sshConfig = options.sshConfig ?? (await textOf(path));
    return connect(spec, keys, { ...options, ...(sshConfig === undefined ? {} : { sshConfig }) });
  };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SshFailure("unreachable", `${path} cannot be read: ${(error as Error).message}`);
  }
}
