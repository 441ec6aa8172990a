import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
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

/** Host keys that a person has approved or imported. */
export interface KnownKeyRepository {
  list(): Promise<KnownKey[]>;
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

export function knownKeyRepository(db: Kysely<Tables>): KnownKeyRepository {
  return {
    async list() {
      return db.selectFrom("known_key").select(["id", "line", "fingerprint", "who", "at"]).orderBy("id").execute();
    },
    async add(line, who, at) {
      const fingerprint = fingerprintOf(line);
      if (fingerprint === undefined || /[\r\n]/.test(line)) throw new Error("not a known_hosts line with a key");
      await db
        .insertInto("known_key")
        .values({ line, fingerprint, who, at })
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
