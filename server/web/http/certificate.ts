import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { ConfigError } from "@/server/config-error";

/** Both are PEM files; `cert` may hold the chain, our own certificate first. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

interface Loaded {
  readonly options: SecureContextOptions;
  readonly first: X509Certificate;
}

/** How often the two files are looked at, ms. By stat and not by notices of the kernel: tools put a link to another file there, or a whole folder. */
const lookEveryMs = 5000;

/** The certificate that the site is served by. What is loaded is used until something better is there: a bad file never takes it away. */
export class Certificate {
  private loaded: Loaded;
  private changed: (options: SecureContextOptions) => void = () => undefined;
  private readonly onStat = () => this.reload();

  /** @throws ConfigError, one line that names the file. */
  constructor(
    private readonly files: CertificateFiles,
    private readonly log: (line: string) => void,
    everyMs = lookEveryMs,
  ) {
    this.loaded = load(files);
    for (const file of [files.cert, files.key]) watchFile(file, { interval: everyMs, persistent: false }, this.onStat);
  }

  get options(): SecureContextOptions {
    return this.loaded.options;
  }

  /** Whether the certificate stands for this name or address (without brackets). */
  covers(host: string): boolean {
    const { first } = this.loaded;
    return (isIP(host) === 0 ? first.checkHost(host) : first.checkIP(host)) !== undefined;
  }

  onChange(listener: (options: SecureContextOptions) => void): void {
    this.changed = listener;
  }

  /** Reads both files again. Between the writing of one and of the other they do not fit: then the old ones stay, and the next change is looked at. */
  reload(): void {
    try {
      const next = load(this.files);
      const isNew = next.first.fingerprint256 !== this.loaded.first.fingerprint256;
      this.loaded = next;
      this.changed(next.options);
      if (isNew) this.log(`web: certificate read again, valid to ${next.first.validTo}`);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.log(`web: ${error.message}; the certificate from before stays in use`);
    }
  }

  close(): void {
    for (const file of [this.files.cert, this.files.key]) unwatchFile(file, this.onStat);
  }
}

function load(files: CertificateFiles): Loaded {
  const cert = read("TLS certificate", files.cert);
  const key = read("TLS key", files.key);
  const first = parsed(`TLS certificate ${files.cert}: not a certificate in PEM`, () => new X509Certificate(cert));
  const secret = parsed(`TLS key ${files.key}: not a private key in PEM without a passphrase`, () =>
    createPrivateKey(key),
  );
  if (!first.checkPrivateKey(secret))
    throw new ConfigError(`TLS key ${files.key}: does not belong to the certificate in ${files.cert}`);
  const options = { cert, key, minVersion: "TLSv1.2" } as const;
  // What OpenSSL itself does not like (a key that is too short, a broken chain) is said now and not at the first visitor.
  try {
    createSecureContext(options);
  } catch (error) {
    throw new ConfigError(`TLS certificate ${files.cert}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { options, first };
}

function read(what: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const because =
      code === "EACCES"
        ? `may not be read by the user ${process.getuid?.() ?? "?"}, who runs the web process`
        : code === "ENOENT"
          ? "there is no such file"
          : code;
    throw new ConfigError(`${what} ${path}: ${because}`);
  }
}

function parsed<T>(otherwise: string, make: () => T): T {
  try {
    return make();
  } catch {
    throw new ConfigError(otherwise);
  }
}
