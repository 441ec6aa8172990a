import { existsSync } from "node:fs";
import { join } from "node:path";
import { auditFaults, type ChainEnd, type ChainRow } from "./audit-chain";
import { StoreError } from "./errors";
import { loadMasterKey } from "./master-key";
import { deriveKey } from "./secrets";
import { Database } from "./sqlite";

export interface AuditCheck {
  readonly rows: number;
  /** Id of the oldest row; 0 where there is none. */
  readonly first: number;
  /** One sentence for each thing that is not as it was written, at most `most`. */
  readonly faults: readonly string[];
}

/**
 * Checks the audit log of a data folder, while the collector runs or not. It reads only: no key is made and no table is changed.
 * @throws StoreError, one line, when there is no database, no key, or a database without a chain.
 */
export function checkAudit(dataDir: string, env: Readonly<Record<string, string | undefined>>, most = 100): AuditCheck {
  const path = join(dataDir, "taproot.db");
  if (!existsSync(path)) throw new StoreError(`there is no database ${path}`);
  if (!env.TAPROOT_KEY && !env.TAPROOT_KEY_FILE && !existsSync(join(dataDir, "secret.key")))
    throw new StoreError(
      `no secret key: give it by TAPROOT_KEY or TAPROOT_KEY_FILE, for there is no secret.key in ${dataDir}`,
    );
  const key = deriveKey(loadMasterKey(dataDir, env), "audit");
  let file: InstanceType<typeof Database> | undefined;
  try {
    file = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    // One moment for all: the collector may be writing meanwhile.
    file.exec("begin");
    const ends = file.prepare("select name, row_id, mark, seal from audit_chain").all() as ChainEnd[];
    const rows = file.prepare("select id, at, who, what, host, outcome, detail, mark from audit order by id");
    const seen = { rows: 0, first: 0 };
    const faults: string[] = [];
    for (const fault of auditFaults(key, ends, counted(rows.iterate() as Iterable<ChainRow>, seen)))
      if (faults.length < most) faults.push(fault);
    return { ...seen, faults };
  } catch (error) {
    throw new StoreError(`the audit log of ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  } finally {
    file?.close();
  }
}

function* counted(rows: Iterable<ChainRow>, seen: { rows: number; first: number }): Generator<ChainRow> {
  for (const row of rows) {
    if (seen.rows++ === 0) seen.first = row.id;
    yield row;
  }
}
