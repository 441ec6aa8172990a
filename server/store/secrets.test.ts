import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HostSpec } from "@/lib/wire/rest";
import { loadMasterKey, parseKey } from "./master-key";
import { deriveKey, macFits, macOf, seal, unseal } from "./secrets";
import { openStore, type Store } from "./store";

let dir: string;
let store: Store;
const key = randomBytes(32);
const line = "lab ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const spec = HostSpec.parse({
  id: "kvm1",
  address: "192.0.2.77",
  user: "noc",
  login: { kind: "key", privateKey: "-----BEGIN A-----", passphrase: "pp" },
  sudo: { kind: "password", password: "sudo-secret" },
  jump: [
    { address: "192.0.2.9", user: "j", login: { kind: "password", password: "jump-secret" } },
    { address: "192.0.2.8", user: "k", login: { kind: "key-file", path: "/k", passphrase: "file-pass" } },
  ],
});
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-secrets-"));
  store = await openStore(dir, key);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("sealing", () => {
  it("opens what it sealed, whatever it was", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: "binary" }), (id, plain) => {
        expect(unseal(key, id, seal(key, id, plain))).toBe(plain);
      }),
    );
  });

  it("never uses a nonce twice", () => {
    const nonces = new Set(Array.from({ length: 1000 }, () => seal(key, "a", "x").nonce));
    expect(nonces.size).toBe(1000);
  });

  it("notices every flipped byte", () => {
    const record = seal(key, "host:a", "a password");
    const bytes = Buffer.from(record.sealed, "base64");
    for (let at = 0; at < bytes.length; at++) {
      const bent = Buffer.from(bytes);
      bent[at] = (bent[at] ?? 0) ^ 1;
      expect(() => unseal(key, "host:a", { ...record, sealed: bent.toString("base64") })).toThrow("host:a");
    }
  });

  it("does not let one record pass for another, and never prints the secret", () => {
    const record = seal(key, "host:a", "hunter2");
    expect(() => unseal(key, "host:b", record)).toThrow("the secret host:b does not open with this key");
    expect(() => unseal(key, "host:a", { nonce: "", sealed: "" })).toThrow("damaged");
  });
});

describe("a key for a purpose", () => {
  it("is another for each purpose and each master key, and the same each time", () => {
    const all = [deriveKey(key, "a"), deriveKey(key, "b"), deriveKey(randomBytes(32), "a")].map((k) =>
      k.toString("hex"),
    );
    expect(new Set(all).size).toBe(3);
    expect(deriveKey(key, "a").toString("hex")).toBe(all[0]);
  });

  it("marks fields as they stand: none can lend another its characters", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string(), { minLength: 1 }), (one, other) => {
        expect(macFits(key, one, macOf(key, one))).toBe(true);
        if (JSON.stringify(one) !== JSON.stringify(other)) expect(macFits(key, other, macOf(key, one))).toBe(false);
      }),
    );
    expect(macFits(key, ["a"], "")).toBe(false);
    expect(macFits(key, ["ab", "c"], macOf(key, ["a", "bc"]))).toBe(false);
  });
});

describe("a store", () => {
  it("refuses a wrong key in one line, and loses nothing", async () => {
    await store.hosts.put(spec, 1);
    const before = await store.db.selectFrom("host").selectAll().execute();
    const error = await openStore(dir, randomBytes(32)).catch((e: unknown) => e);
    expect(String(error)).toMatch(/does not fit this data folder/);
    expect(String(error)).not.toContain("\n");
    expect(await store.db.selectFrom("host").selectAll().execute()).toEqual(before);
    expect((await store.hosts.list()).specs).toEqual([spec]);
  });

  it("keeps nothing of a host in the clear in any file of the data folder", async () => {
    await store.hosts.put(spec, 1);
    for (const file of ["taproot.db", "taproot.db-wal"]) {
      const bytes = readFileSync(join(dir, file));
      for (const text of ["BEGIN A", "sudo-secret", "jump-secret", "192.0.2.77"])
        expect(bytes.includes(text), text).toBe(false);
    }
  });

  it("takes rows of an older release under the key once, and none that turn up later", async () => {
    await olderRelease();
    await store.close();
    store = await openStore(dir, key);
    expect(await store.hosts.list()).toEqual({ specs: [spec], unread: [] });
    expect(await store.knownKeys.list()).toMatchObject([{ line, who: "ann" }]);
    await store.close();
    store = await openStore(dir, key);
    await olderRelease({ id: "later", keepCheck: true });
    await store.close();
    store = await openStore(dir, key);
    const { specs, unread } = await store.hosts.list();
    expect(specs.map((one) => one.id)).toEqual(["kvm1"]);
    expect(unread).toMatchObject([{ id: "later", because: "the row is not sealed with the master key" }]);
    expect(await store.knownKeys.list()).toHaveLength(1);
    expect(await store.knownKeys.foreign()).toEqual([`${line} later`]);
  });

  /** Rows as the release before wrote them: the way to a host in the clear, only its secrets sealed; host keys without a mark. */
  async function olderRelease({ id = "kvm1", keepCheck = false } = {}) {
    const open = {
      ...spec,
      login: { kind: "key" },
      sudo: { kind: "password" },
      jump: spec.jump.map(({ login, ...hop }) => ({
        ...hop,
        login: login.kind === "key-file" ? { kind: login.kind, path: login.path } : { kind: login.kind },
      })),
    };
    const secret = {
      login: { privateKey: "-----BEGIN A-----", passphrase: "pp" },
      sudo: { password: "sudo-secret" },
      jump: [{ password: "jump-secret" }, { passphrase: "file-pass" }],
    };
    const sealed = (name: string, text: string) => ({ id: name, ...seal(key, name, text), updated_at: 1 });
    const { db } = store;
    await db
      .insertInto("host")
      .values({ id, spec: JSON.stringify({ ...open, id }), created_at: 1, updated_at: 1 })
      .execute();
    await db
      .insertInto("secret")
      .values(sealed(`host:${id}`, JSON.stringify(secret)))
      .execute();
    const known = { line: keepCheck ? `${line} later` : line, fingerprint: "SHA256:x", who: "ann", at: 1, mark: "" };
    await db.insertInto("known_key").values(known).execute();
    if (keepCheck) return;
    await db.updateTable("secret").set(sealed("key-check", "taproot")).where("id", "=", "key-check").execute();
  }
});

describe("the master key", () => {
  it("is made once, for the owner only", () => {
    const made = loadMasterKey(dir, {});
    expect(made).toHaveLength(32);
    expect(statSync(join(dir, "secret.key")).mode & 0o777).toBe(0o600);
    expect(loadMasterKey(dir, {})).toEqual(made);
  });

  it("is read from the environment or a named file, in hex or base64", () => {
    expect(loadMasterKey(dir, { TAPROOT_KEY: key.toString("hex") })).toEqual(key);
    expect(parseKey(`${key.toString("base64")}\n`, "x")).toEqual(key);
    const path = join(dir, "elsewhere");
    writeFileSync(path, key.toString("base64"));
    expect(loadMasterKey(dir, { TAPROOT_KEY_FILE: path })).toEqual(key);
  });

  it("names what is wrong and never what it read", () => {
    expect(() => loadMasterKey(dir, { TAPROOT_KEY: "tooshort" })).toThrow(/^TAPROOT_KEY is not a secret key/);
    expect(() => parseKey("hunter2", "the file")).not.toThrow(/hunter2/);
    expect(() => loadMasterKey(dir, { TAPROOT_KEY_FILE: join(dir, "none") })).toThrow(/none cannot be read \(ENOENT\)/);
  });
});
