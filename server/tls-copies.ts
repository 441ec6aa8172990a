import {
  chmodSync,
  closeSync,
  fchmodSync,
  fchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unwatchFile,
  watchFile,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
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
 * Certificate and key as the web process may read them: a key of root's is closed to its user, as it should be to any other. Copies lie beside its own folder, where
 * it may read and not write, and follow the files. Throws ConfigError, one line that names the file, for one that cannot be read now; later the copy of before stays.
 */
export function keepTlsCopies(transport: Transport, { user, bus }: Boundary): TlsCopies | undefined {
  if (transport.kind !== "tls") return undefined;
  const folder = join(dirname(bus), "tls");
  // Its parent is ours alone (boundary.ts): nobody else can have put anything there.
  mkdirSync(folder, { recursive: true });
  // Not by the mode above: a umask of 027 would take it away.
  chmodSync(folder, 0o711);
  const pairs = [
    { what: "TLS certificate", from: transport.cert, to: join(folder, "cert.pem") },
    { what: "TLS key", from: transport.key, to: join(folder, "key.pem") },
  ] as const;
  const copy = ({ what, from, to }: (typeof pairs)[number]) => {
    try {
      place(readFileSync(from), to, user.gid);
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
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Written beside and renamed, so that nobody reads half of it. Owner and mode are set on the open file, not on a name. */
function place(bytes: Buffer, to: string, group: number): void {
  const draft = `${to}.${process.hrtime.bigint()}`;
  const fd = openSync(draft, "wx", 0o400);
  try {
    writeSync(fd, bytes);
    fchownSync(fd, -1, group);
    fchmodSync(fd, 0o440);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, to);
}
