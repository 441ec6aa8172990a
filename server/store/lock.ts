import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Sqlite from "better-sqlite3";
import { StoreError } from "./errors";
import { Database } from "./sqlite";
import { makeDataDir } from "./store";

/** One running instance a data folder. */
export interface InstanceLock {
  release(): void;
}

/**
 * Takes the data folder for this process. The lock is the operating system's (through SQLite, since Node has no flock): it ends with the
 * process however that ends, so a killed instance never blocks the next. Throws StoreError naming the holder, or why the folder cannot be written.
 */
export function lockInstance(dataDir: string): InstanceLock {
  makeDataDir(dataDir);
  const path = join(dataDir, "instance.lock");
  const pidPath = join(dataDir, "instance.pid");
  let file: Sqlite.Database;
  const before = process.umask(0o077);
  try {
    file = new Database(path, { timeout: 0 });
  } catch (error) {
    throw new StoreError(
      `the data folder ${dataDir} is not writable (${error instanceof Error ? error.message : error})`,
    );
  } finally {
    process.umask(before);
  }
  try {
    file.pragma("journal_mode = DELETE");
    file.exec("begin exclusive");
  } catch (error) {
    file.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith("SQLITE_BUSY"))
      throw new StoreError(
        `the data folder ${dataDir} is not writable (${error instanceof Error ? error.message : error})`,
      );
    throw new StoreError(
      `another instance uses the data folder ${dataDir}${holder(pidPath)}: stop it, or choose --data`,
    );
  }
  writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      if (file.inTransaction) file.exec("rollback");
      file.close();
    },
  };
}

function holder(pidPath: string): string {
  try {
    const pid = readFileSync(pidPath, "utf8").trim();
    return /^\d+$/.test(pid) ? ` (process ${pid})` : "";
  } catch {
    // Only adds a number to the message; the lock itself has decided.
    return "";
  }
}
