// The database's own thread: whatever holds the file (a backup, a person's shell), only this thread waits for it, never the watch over the hosts.
// Plain JavaScript: a worker is loaded by Node itself, from the sources as well as from the bundle.
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

/** @type {import("better-sqlite3")} */
const Database = createRequire(workerData.from)(workerData.module);
if (!parentPort) throw new Error("this file is a worker");
const port = parentPort;

/** @param {unknown} error */
const failure = (error) => ({
  message: error instanceof Error ? error.message : String(error),
  code: error instanceof Error && "code" in error ? String(error.code) : undefined,
});

/** @returns {import("better-sqlite3").Database} */
function open() {
  // The files that SQLite makes beside the database take their mode from it. The mode of a new file is set by whoever started us.
  const file = new Database(workerData.path, { timeout: workerData.busyMs });
  file.pragma("journal_mode = WAL");
  // NORMAL with WAL survives a killed process; a power cut may cost the last transactions, never the database.
  file.pragma("synchronous = NORMAL");
  file.pragma("foreign_keys = ON");
  // What was deleted is overwritten: the picture of a link that has ended is of no use to a thief of the file.
  file.pragma("secure_delete = ON");
  return file;
}

/** @param {import("better-sqlite3").Database} file @param {string} sql @param {unknown[]} parameters */
function run(file, sql, parameters) {
  const statement = file.prepare(sql);
  if (statement.reader) return { rows: statement.all(...parameters) };
  const { changes, lastInsertRowid } = statement.run(...parameters);
  return { rows: [], changes, lastInsertRowid };
}

try {
  const file = open();
  port.postMessage({ opened: true });
  port.on("message", ({ id, sql, parameters }) => {
    if (sql === null) {
      file.close();
      port.postMessage({ id, rows: [] });
      port.close();
      return;
    }
    try {
      port.postMessage({ id, ...run(file, sql, parameters) });
    } catch (error) {
      port.postMessage({ id, failed: failure(error) });
    }
  });
} catch (error) {
  port.postMessage({ opened: false, failed: failure(error) });
}
