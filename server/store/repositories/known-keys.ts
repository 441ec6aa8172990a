import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import { macFits, macOf } from "../secrets";
import type { Tables } from "../tables";

export interface KnownKey {
  readonly id: number;
  /** One line in known_hosts format, or with the fingerprint where the key would stand (see server/collector/ssh/known-hosts.ts). */
  readonly line: string;
  /** "SHA256:..." of the key in it. */
  readonly fingerprint: string;
  /** Who approved it, and when (Unix ms). */
  readonly who: string;
  readonly at: number;
}

/** Host keys that a person has approved or imported, each row bound to the master key as a whole. */
export interface KnownKeyRepository {
  list(): Promise<KnownKey[]>;
  /** Lines that somebody else wrote into the database: they are not on record, and are to be told. */
  foreign(): Promise<string[]>;
  /** Adds a line; one that is there already keeps its first approval. Throws when the line holds no key. */
  add(line: string, who: string, at: number): Promise<void>;
  drop(ids: readonly number[]): Promise<void>;
}

/** Fingerprint as OpenSSH prints it, of the key (or fingerprint) in a known_hosts line, markers allowed; undefined where there is none. */
export function fingerprintOf(line: string): string | undefined {
  const fields = line.trim().split(/\s+/);
  const blob = fields[fields[0]?.startsWith("@") ? 3 : 2];
  if (blob && /^SHA256:[A-Za-z0-9+/]{43}$/.test(blob)) return blob;
  if (!blob || !/^[A-Za-z0-9+/]+={0,2}$/.test(blob)) return undefined;
  const bytes = Buffer.from(blob, "base64");
  return `SHA256:${createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "")}`;
}

/** The fields of a row that are bound to the master key together. */
const bound = (row: { line: string; fingerprint: string; who: string; at: number }) => [
  row.line,
  row.fingerprint,
  row.who,
  String(row.at),
];

/** The mark by which a row is known as the collector's own. */
export const keyMark = (key: Buffer, row: { line: string; fingerprint: string; who: string; at: number }) =>
  macOf(key, bound(row));

/** @param key of this purpose alone (deriveKey). */
export function knownKeyRepository(db: Kysely<Tables>, key: Buffer): KnownKeyRepository {
  const rows = () =>
    db.selectFrom("known_key").select(["id", "line", "fingerprint", "who", "at", "mark"]).orderBy("id").execute();
  return {
    async list() {
      return (await rows()).filter((row) => macFits(key, bound(row), row.mark)).map(({ mark: _, ...row }) => row);
    },
    async foreign() {
      return (await rows()).filter((row) => !macFits(key, bound(row), row.mark)).map((row) => row.line);
    },
    async add(line, who, at) {
      const fingerprint = fingerprintOf(line);
      if (fingerprint === undefined || /[\r\n]/.test(line)) throw new Error("not a known_hosts line with a key");
      const row = { line, fingerprint, who, at };
      // A row of the same line that is not ours must not keep ours out.
      for (const other of await rows())
        if (other.line === line && !macFits(key, bound(other), other.mark))
          await db.deleteFrom("known_key").where("id", "=", other.id).execute();
      await db
        .insertInto("known_key")
        .values({ ...row, mark: keyMark(key, row) })
        .onConflict((c) => c.column("line").doNothing())
        .execute();
    },
    async drop(ids) {
      if (ids.length > 0)
        await db
          .deleteFrom("known_key")
          .where("id", "in", [...ids])
          .execute();
    },
  };
}
