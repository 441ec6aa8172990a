import { chownSync, closeSync, openSync, readFileSync, renameSync, unwatchFile, watchFile, writeSync } from "node:fs";
import { join } from "node:path";
import type { Boundary } from "./boundary";
import { ConfigError } from "./config-error";
import type { Transport } from "./transport";

/** How often the two files are looked at, ms: the web process looks at its copies as often. */
const lookEveryMs = 5_000;

export interface TlsCopies {
  /** Where the web process finds its copies. */
  readonly env: { readonly TAPROOT_TLS_CERT: string; readonly TAPROOT_TLS_KEY: string };
  stop(): void;
}

/**
 * Certificate and key as the web process may read them: a key of root's is closed to its user, as it should be to any other. Copies lie in its own folder and
 * follow the files. Throws ConfigError, one line that names the file, for one that cannot be read now; later the copy of before stays.
 */
export function keepTlsCopies(transport: Transport, { user, home }: Boundary): TlsCopies | undefined {
  if (transport.kind !== "tls") return undefined;
  const pairs = [
    { what: "TLS certificate", from: transport.cert, to: join(home, "tls-cert.pem") },
    { what: "TLS key", from: transport.key, to: join(home, "tls-key.pem") },
  ] as const;
  const copy = ({ what, from, to }: (typeof pairs)[number]) => {
    try {
      place(readFileSync(from), to, user);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : String(error);
      throw new ConfigError(`${what} ${from}: ${code === "ENOENT" ? "there is no such file" : code}`);
    }
  };
  for (const pair of pairs) copy(pair);
  const again = () => {
    try {
      for (const pair of pairs) copy(pair);
    } catch (error) {
      console.error(`taproot: ${error instanceof Error ? error.message : error}; the copy of before stays in use`);
    }
  };
  for (const { from } of pairs) watchFile(from, { interval: lookEveryMs, persistent: false }, again);
  return {
    env: { TAPROOT_TLS_CERT: pairs[0].to, TAPROOT_TLS_KEY: pairs[1].to },
    stop: () => {
      for (const { from } of pairs) unwatchFile(from, again);
    },
  };
}

/**
 * Written beside and renamed, so that nobody reads half of it. The folder belongs to the web process, which may have put anything there: an old draft is
 * never opened ("wx"), and the rename replaces a link instead of following it.
 */
function place(bytes: Buffer, to: string, user: Boundary["user"]): void {
  const draft = `${to}.${process.hrtime.bigint()}`;
  const fd = openSync(draft, "wx", 0o400);
  try {
    writeSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  chownSync(draft, user.uid, user.gid);
  renameSync(draft, to);
}
