import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HostSpec } from "@/lib/wire/rest";
import { joinSpec, splitSpec } from "./host-spec";
import { loadMasterKey, parseKey } from "./master-key";
import { openSecrets, seal, unseal } from "./secrets";
import { openStore, type Store } from "./store";

let dir: string;
let store: Store;
const key = randomBytes(32);
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-secrets-"));
  store = await openStore(dir);
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

describe("the stored secrets", () => {
  it("come back, change and go", async () => {
    const secrets = await openSecrets(store.db, key);
    await secrets.put("host:a", "one");
    await secrets.put("host:a", "two");
    expect(await secrets.get("host:a")).toBe("two");
    await secrets.drop("host:a");
    expect(await secrets.get("host:a")).toBeUndefined();
  });

  it("refuse a wrong key in one line, and lose nothing", async () => {
    await (await openSecrets(store.db, key)).put("host:a", "one");
    const before = await store.db.selectFrom("secret").selectAll().execute();
    const error = await openSecrets(store.db, randomBytes(32)).catch((e: unknown) => e);
    expect(String(error)).toMatch(/does not fit this data folder/);
    expect(String(error)).not.toContain("\n");
    expect(await store.db.selectFrom("secret").selectAll().execute()).toEqual(before);
    expect(await (await openSecrets(store.db, key)).get("host:a")).toBe("one");
  });

  it("do not lie in the clear in any file of the data folder", async () => {
    const secrets = await openSecrets(store.db, key);
    await secrets.put("host:a", "correct horse battery staple");
    for (const file of ["taproot.db", "taproot.db-wal"])
      expect(readFileSync(join(dir, file)).includes("correct horse")).toBe(false);
  });
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

describe("a host's spec", () => {
  const full = HostSpec.parse({
    id: "kvm1",
    address: "192.0.2.1",
    user: "noc",
    login: { kind: "key", privateKey: "-----BEGIN A-----", passphrase: "pp" },
    sudo: { kind: "password", password: "sudo-secret" },
    jump: [
      { address: "192.0.2.9", user: "j", login: { kind: "password", password: "jump-secret" } },
      { address: "192.0.2.8", user: "k", login: { kind: "key-file", path: "/k", passphrase: "file-pass" } },
    ],
  });

  it("is the same after being taken apart and put together", () => {
    const { open, secret } = splitSpec(full);
    expect(joinSpec(JSON.parse(JSON.stringify(open)), secret)).toEqual(full);
  });

  it("keeps every secret out of its open part", () => {
    const open = JSON.stringify(splitSpec(full).open);
    for (const secret of ["BEGIN A", "pp", "sudo-secret", "jump-secret", "file-pass"])
      expect(open).not.toContain(secret);
    expect(open).toContain("/k");
  });

  it("does not come together with another's secrets", () => {
    expect(() => joinSpec(splitSpec(full).open, splitSpec({ ...full, login: { kind: "agent" } }).secret)).toThrow();
  });
});
