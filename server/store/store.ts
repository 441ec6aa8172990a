import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Dialect, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { bindRows } from "./bind-rows";
import { StoreError } from "./errors";
import { migrate } from "./migrate";
import { type AuditRepository, auditRepository, chainAudit } from "./repositories/audit";
import { type HostRepository, hostRepository } from "./repositories/hosts";
import { type IncidentRepository, incidentRepository } from "./repositories/incidents";
import { type KnownKeyRepository, knownKeyRepository } from "./repositories/known-keys";
import { type LoginRepository, loginRepository } from "./repositories/login";
import { type MemoryRepository, memoryRepository } from "./repositories/memory";
import { type ProblemRepository, problemRepository } from "./repositories/problems";
import { type RemedyRunRepository, remedyRunRepository } from "./repositories/remedy-runs";
import { type SettingRepository, settingRepository } from "./repositories/settings";
import { checkKey, deriveKey } from "./secrets";
import type { Tables } from "./tables";
import { DatabaseThread, ThreadDriver } from "./thread";

/**
 * The database. Only the collector opens it: the web process asks over the bus, and has no file of it.
 * SQLite in the data folder, in a thread of its own. PostgreSQL by URL comes later: repositories therefore use nothing that Kysely does not say in both, and only
 * this file, the migrations and the lock know which one it is.
 */
export interface Store {
  readonly dataDir: string;
  readonly dialect: "sqlite";
  readonly db: Kysely<Tables>;
  /** A key of its own for a purpose, made from the master key. */
  keyFor(purpose: string): Buffer;
  readonly hosts: HostRepository;
  readonly knownKeys: KnownKeyRepository;
  readonly memory: MemoryRepository;
  readonly problems: ProblemRepository;
  readonly incidents: IncidentRepository;
  readonly audit: AuditRepository;
  readonly login: LoginRepository;
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

/**
 * Opens the database of a data folder, brings it to the newest shape and holds the master key against it. Throws StoreError with one line that names
 * what is wrong.
 */
export async function openStore(dataDir: string, masterKey: Buffer): Promise<Store> {
  makeDataDir(dataDir);
  const path = join(dataDir, "taproot.db");
  const db = new Kysely<Tables>({ dialect: await threadDialect(path) });
  const knownKeys = deriveKey(masterKey, "known keys");
  const auditKey = deriveKey(masterKey, "audit");
  try {
    await migrate(db as unknown as Kysely<unknown>);
    await checkKey(db, masterKey, () => bindRows(db, masterKey, knownKeys));
    await chainAudit(db, auditKey);
  } catch (error) {
    await db.destroy();
    throw error instanceof StoreError ? error : new StoreError(`the database ${path} does not open: ${String(error)}`);
  }
  return {
    dataDir,
    dialect: "sqlite",
    db,
    keyFor: (purpose) => deriveKey(masterKey, purpose),
    hosts: hostRepository(db, masterKey),
    knownKeys: knownKeyRepository(db, knownKeys),
    memory: memoryRepository(db),
    problems: problemRepository(db),
    incidents: incidentRepository(db),
    audit: auditRepository(db, auditKey),
    login: loginRepository(db),
    settings: settingRepository(db),
    remedyRuns: remedyRunRepository(db),
    close: () => db.destroy(),
  };
}

/** SQLite in a thread of its own. */
async function threadDialect(path: string): Promise<Dialect> {
  const thread = await openThread(path);
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ThreadDriver(async () => thread),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

async function openThread(path: string): Promise<DatabaseThread> {
  try {
    // The files that SQLite makes beside the database take their mode from it, so it must be right before the first write.
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    return await DatabaseThread.open(path);
  } catch (error) {
    throw new StoreError(`the database ${path} does not open: ${error instanceof Error ? error.message : error}`);
  }
}
