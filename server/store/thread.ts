import { Worker } from "node:worker_threads";
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from "kysely";
import { DatabaseBusy, StoreError } from "./errors";
import { databaseModule } from "./sqlite";

/** How long SQLite itself waits for a lock of another process, ms. */
const busyMs = 5_000;
/** How long a question waits for its turn; a database that is held longer is said to be busy, ms. */
const patienceMs = 15_000;

interface Answer {
  readonly id: number;
  readonly rows?: unknown[];
  readonly changes?: number;
  readonly lastInsertRowid?: number | bigint;
  readonly failed?: { readonly message: string; readonly code?: string };
}
interface Asked {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** An error of SQLite, as its thread told it; `code` as SQLite names it. */
export class SqliteFailure extends Error {
  override readonly name = "SqliteError";
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** The database's thread, as its users see it: asked one question at a time. */
export class DatabaseThread {
  private readonly asked = new Map<number, Asked>();
  private nextId = 1;
  private ended: Error | undefined;
  private closing = false;

  private constructor(private readonly worker: Worker) {
    worker.on("message", (answer: Answer) => this.answered(answer));
    worker.on("error", (error) => this.end(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.end(new Error("the database's thread has ended")));
    // The database alone must not keep a process alive that has nothing else to do.
    worker.unref();
  }

  /** Opens the file in a thread of its own. Rejects with what SQLite said. */
  static async open(path: string): Promise<DatabaseThread> {
    // From the sources the worker lies beside this file, in a bundle beside the bundle.
    const source = import.meta.url.endsWith(".ts") ? "./worker.mjs" : "./store-worker.js";
    const worker = new Worker(new URL(source, import.meta.url), {
      workerData: { path, busyMs, module: databaseModule, from: import.meta.url },
      execArgv: [],
      // The master key may stand in a variable of a person's own making: the thread has no use for any.
      env: {},
    });
    await new Promise<void>((resolve, reject) => {
      worker.once("message", (first: { opened: boolean; failed?: { message: string } }) =>
        first.opened ? resolve() : reject(new Error(first.failed?.message ?? "it does not open")),
      );
      worker.once("error", reject);
    });
    return new DatabaseThread(worker);
  }

  /** Runs one statement. Rejects with SqliteFailure, or when the thread has ended. */
  async run(sql: string, parameters: readonly unknown[]): Promise<Answer> {
    return this.ask(sql, parameters);
  }

  /** Ends the thread after what was asked before. */
  async close(): Promise<void> {
    if (this.ended) return;
    this.closing = true;
    await this.ask(null, []);
    await this.worker.terminate();
  }

  private ask(sql: string | null, parameters: readonly unknown[]): Promise<Answer> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.worker.ref();
      try {
        this.worker.postMessage({ id, sql, parameters });
      } catch (error) {
        // A parameter that cannot be copied to a thread: a fault of whoever asks, and of nobody else.
        this.asked.delete(id);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  private answered(answer: Answer): void {
    const asked = this.asked.get(answer.id);
    this.asked.delete(answer.id);
    if (this.asked.size === 0) this.worker.unref();
    if (answer.failed) asked?.reject(new SqliteFailure(answer.failed.message, answer.failed.code ?? ""));
    else asked?.resolve(answer);
  }

  private end(error: Error): void {
    // Nothing works without it, and nothing here can bring it back: this process ends, loudly, and its supervisor starts it again.
    if (!this.closing && !this.ended)
      setImmediate(() => {
        throw error;
      });
    this.ended ??= error;
    for (const { reject } of this.asked.values()) reject(this.ended);
    this.asked.clear();
  }
}

/**
 * Kysely's driver over the thread. SQLite has one connection, so whoever holds it (a transaction, a migration) is waited for; who has waited too long is
 * told that the database is busy, and nothing else stands still meanwhile.
 */
export class ThreadDriver implements Driver {
  private thread: DatabaseThread | undefined;
  private busy = false;
  private readonly waiting: { grant: () => void; timer: ReturnType<typeof setTimeout> }[] = [];
  private readonly connection: DatabaseConnection = {
    executeQuery: <R>(query: CompiledQuery) => this.execute<R>(query),
    streamQuery: () => {
      throw new Error("nothing is streamed from this database");
    },
  };

  constructor(private readonly open: () => Promise<DatabaseThread>) {}

  async init(): Promise<void> {
    this.thread = await this.open();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.busy)
      await new Promise<void>((resolve, reject) => {
        const entry = {
          grant: resolve,
          timer: setTimeout(() => {
            this.waiting.splice(this.waiting.indexOf(entry), 1);
            reject(
              new DatabaseBusy(`the database has not answered for ${patienceMs / 1000} s: something else holds it`),
            );
          }, patienceMs),
        };
        this.waiting.push(entry);
      });
    this.busy = true;
    return this.connection;
  }

  async releaseConnection(): Promise<void> {
    const next = this.waiting.shift();
    if (!next) {
      this.busy = false;
      return;
    }
    clearTimeout(next.timer);
    next.grant();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async destroy(): Promise<void> {
    await this.thread?.close();
  }

  private async execute<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.thread) throw new StoreError("the database is not open");
    const { rows, changes, lastInsertRowid } = await this.thread.run(sql, parameters);
    return {
      // The rows are what the statement selected; their type is Kysely's, by the statement.
      rows: (rows ?? []) as R[],
      ...(changes === undefined ? {} : { numAffectedRows: BigInt(changes) }),
      ...(lastInsertRowid === undefined ? {} : { insertId: BigInt(lastInsertRowid) }),
    };
  }
}
