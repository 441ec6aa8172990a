import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type Sqlite from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { StoreError } from "./errors";
import { migrate } from "./migrate";
import { type AuditRepository, auditRepository } from "./repositories/audit";
import { type HostRepository, hostRepository } from "./repositories/hosts";
import { type IncidentRepository, incidentRepository } from "./repositories/incidents";
import { type KnownKeyRepository, knownKeyRepository } from "./repositories/known-keys";
import { type MemoryRepository, memoryRepository } from "./repositories/memory";
import { type ProblemRepository, problemRepository } from "./repositories/problems";
import { type RemedyRunRepository, remedyRunRepository } from "./repositories/remedy-runs";
import { type SettingRepository, settingRepository } from "./repositories/settings";
import { Database } from "./sqlite";
import type { Tables } from "./tables";

/**
 * The database. Web process and collector each open it; the web process never holds the master key, so sealed rows stay sealed to it.
 * SQLite in the data folder. PostgreSQL by URL comes later: repositories therefore use nothing that Kysely does not say in both, and only
 * this file, the migrations and the lock know which one it is.
 */
export interface Store {
  readonly dataDir: string;
  readonly dialect: "sqlite";
  readonly db: Kysely<Tables>;
  readonly hosts: HostRepository;
  readonly knownKeys: KnownKeyRepository;
  readonly memory: MemoryRepository;
  readonly problems: ProblemRepository;
  readonly incidents: IncidentRepository;
  readonly audit: AuditRepository;
  readonly settings: SettingRepository;
  readonly remedyRuns: RemedyRunRepository;
  close(): Promise<void>;
}

/** Makes the data folder (mode 0700) where it is missing. Throws StoreError, one line, when it cannot be written. */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolder(resolve(dataDir));
  } catch (error) {
    throw new StoreError(`the data folder ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Node's own `recursive` spins for ever where a file system refuses new folders with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Opens the database of a data folder and brings it to the newest shape. Throws StoreError with one line that names the folder. */
export async function openStore(dataDir: string): Promise<Store> {
  makeDataDir(dataDir);
  const path = join(dataDir, "taproot.db");
  const file = openFile(path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
  try {
    await migrate(db as unknown as Kysely<unknown>);
  } catch (error) {
    await db.destroy();
    throw error instanceof StoreError ? error : new StoreError(`the database ${path} does not open: ${String(error)}`);
  }
  return {
    dataDir,
    dialect: "sqlite",
    db,
    hosts: hostRepository(db),
    knownKeys: knownKeyRepository(db),
    memory: memoryRepository(db),
    problems: problemRepository(db),
    incidents: incidentRepository(db),
    audit: auditRepository(db),
    settings: settingRepository(db),
    remedyRuns: remedyRunRepository(db, file),
    close: () => db.destroy(),
  };
}

function openFile(path: string): Sqlite.Database {
  // The files that SQLite makes beside the database take their mode from it, so it must be right before the first write.
  const before = process.umask(0o077);
  try {
    const file = new Database(path, { timeout: 10_000 });
    chmodSync(path, 0o600);
    file.pragma("journal_mode = WAL");
    // NORMAL with WAL survives a killed process; a power cut may cost the last transactions, never the database.
    file.pragma("synchronous = NORMAL");
    file.pragma("foreign_keys = ON");
    return file;
  } catch (error) {
    throw new StoreError(`the database ${path} does not open: ${error instanceof Error ? error.message : error}`);
  } finally {
    process.umask(before);
  }
}
