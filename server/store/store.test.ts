import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, SqliteDialect, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { PastProblem } from "@/lib/problems/past";
import type { Problem } from "@/lib/problems/problem";
import { HostSpec } from "@/lib/wire/rest";
import { StoreError } from "./errors";
import { lockInstance } from "./lock";
import { migrate } from "./migrate";
import { fingerprintOf } from "./repositories/known-keys";
import { Database } from "./sqlite";
import { openStore, type Store } from "./store";

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-store-"));
  store = await openStore(dir, key);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const key = Buffer.alloc(32, 1);
const line = "lab ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

describe("opening", () => {
  it("makes the database readable by its owner only", () => {
    expect(statSync(join(dir, "taproot.db")).mode & 0o777).toBe(0o600);
    for (const beside of ["taproot.db-wal", "taproot.db-shm"])
      expect(statSync(join(dir, beside)).mode & 0o077, beside).toBe(0);
  });

  it("opens in two processes at once without tripping over itself", async () => {
    const others = await Promise.all([openStore(dir, key), openStore(dir, key), openStore(dir, key)]);
    await others[0]?.settings.put("a", 1);
    expect(await store.settings.get("a", z.number())).toBe(1);
    for (const other of others) await other.close();
  });

  it("names the folder when it cannot be made", async () => {
    await expect(openStore("/proc/nothing/here", key)).rejects.toThrow(
      /data folder \/proc\/nothing\/here cannot be made/,
    );
  });

  it("says so in one line when the file is no database", async () => {
    const other = mkdtempSync(join(tmpdir(), "taproot-store-"));
    const { writeFileSync } = await import("node:fs");
    writeFileSync(join(other, "taproot.db"), "this is not a database, whatever its name says".repeat(50));
    const error = await openStore(other, key).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StoreError);
    expect(String(error)).not.toContain("\n");
    rmSync(other, { recursive: true });
  });
});

describe("a database that somebody else holds", () => {
  it("is waited for by its own thread alone, and said to be busy in the end", { timeout: 30_000 }, async () => {
    const other = new Database(join(dir, "taproot.db"));
    other.exec("begin exclusive");
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 20);
    const asked = Promise.allSettled(Array.from({ length: 5 }, () => store.settings.put("a", 1)));
    const answers = await asked;
    clearInterval(beat);
    other.exec("rollback");
    other.close();
    // This thread went on all the while: it is the one that watches the hosts.
    expect(longest).toBeLessThan(1_000);
    const reasons = answers.map((one) => (one.status === "rejected" ? String(one.reason) : "done"));
    expect(reasons[0]).toMatch(/locked/);
    expect(reasons.at(-1)).toMatch(/DatabaseBusy.*something else holds it/);
    await store.settings.put("a", 2);
    expect(await store.settings.get("a", z.number())).toBe(2);
  });
});

describe("migrations", () => {
  const memory = () => new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(":memory:") }) });

  it("run once, in order, and keep what is there", async () => {
    const db = memory();
    const ran: string[] = [];
    const step = (id: string) => ({
      id,
      up: async (on: Kysely<unknown>) => {
        ran.push(id);
        await sql.raw(`create table t${id} (x integer)`).execute(on);
      },
    });
    await migrate(db, [step("1")]);
    await migrate(db, [step("1"), step("2")]);
    expect(ran).toEqual(["1", "2"]);
    await db.destroy();
  });

  it("leave nothing behind when one fails", async () => {
    const db = memory();
    const good = {
      id: "1",
      up: async (on: Kysely<unknown>) => void (await sql`create table kept (x integer)`.execute(on)),
    };
    const bad = {
      id: "2",
      up: async (on: Kysely<unknown>) => {
        await sql`create table half (x integer)`.execute(on);
        throw new Error("half way");
      },
    };
    await expect(migrate(db, [good, bad])).rejects.toThrow("half way");
    const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(db);
    expect(rows).toEqual([]);
    await migrate(db, [good]);
    await db.destroy();
  });

  it("refuse a database from a newer release", async () => {
    await sql`insert into migration (id, at) values ('9999-future', 1)`.execute(store.db);
    await expect(openStore(dir, key)).rejects.toThrow(/newer release \(it has step 9999-future\)/);
  });
});

describe("repositories", () => {
  it("hosts: put, change, drop", async () => {
    const spec = HostSpec.parse({ id: "kvm1", address: "192.0.2.1", user: "root", login: { kind: "agent" } });
    await store.hosts.put(spec, 1);
    await store.hosts.put({ ...spec, port: 2222 }, 2);
    expect(await store.hosts.list()).toEqual({ specs: [{ ...spec, port: 2222 }], unread: [] });
    await store.hosts.drop("kvm1");
    expect(await store.hosts.has("kvm1")).toBe(false);
  });

  it("known keys: keeps the first approval, refuses what holds no key", async () => {
    await store.knownKeys.add(line, "ann", 1);
    await store.knownKeys.add(line, "bob", 2);
    const keys = await store.knownKeys.list();
    expect(keys).toMatchObject([{ line, who: "ann", at: 1 }]);
    expect(keys[0]?.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    await expect(store.knownKeys.add("lab ssh-ed25519", "x", 1)).rejects.toThrow("not a known_hosts line");
    await expect(store.knownKeys.add(`${line}\n* evil`, "x", 1)).rejects.toThrow("not a known_hosts line");
    expect(fingerprintOf(`@cert-authority ${line}`)).toBe(keys[0]?.fingerprint);
    await store.knownKeys.drop(keys.map((k) => k.id));
    expect(await store.knownKeys.list()).toEqual([]);
  });

  describe("problems", () => {
    const words = { en: "no link", zh: "无链路" };
    const p: Problem = {
      key: "c@h/nic/a",
      check: "c",
      subject: "h/nic/a",
      status: "warn",
      message: "m",
      params: { nic: "a", why: words },
      tail: [{ key: "d@h/bond/b", cause: "c@h/nic/a" }],
      impacts: ["h/vm/1"],
      since: 10,
      last: 10,
      flaps: 0,
    };
    const all = { limit: 10 };

    it("one open row a key, brought up to date while it is open, closed with its time", async () => {
      await store.problems.put("h", p);
      const worse: Problem = { ...p, status: "fail", message: "worse", impacts: ["h/vm/1", "h/vm/2"], tail: [] };
      await store.problems.put("h", worse);
      expect(await store.problems.openOf("h")).toMatchObject([{ ...worse, host: "h", closedAt: null }]);
      await store.problems.close("h", p.key, 30);
      await store.problems.close("h", p.key, 99);
      await store.problems.put("h", { ...p, since: 40, last: 40 });
      await store.problems.put("h", { ...p, key: "c@h/nic/b", subject: "h/nic/b", since: 41, last: 41 });
      expect(await store.problems.history("h", all)).toMatchObject([
        { since: 41, closedAt: null },
        { since: 40, closedAt: null },
        { since: 10, closedAt: 30, status: "fail", params: { nic: "a", why: words } },
      ]);
      expect(await store.problems.history("h", { subject: "h/nic/b", limit: 10 })).toMatchObject([{ since: 41 }]);
      expect(await store.problems.history("h", { limit: 1 })).toHaveLength(1);
      expect(await store.problems.prune(1000)).toBe(1);
    });

    it("one that comes back as the same is its row again, with the number of its returns", async () => {
      await store.problems.put("h", p);
      await store.problems.close("h", p.key, 20);
      await store.problems.put("h", { ...p, last: 25, flaps: 1 });
      expect(await store.problems.history("h", all)).toMatchObject([{ since: 10, last: 25, flaps: 1, closedAt: null }]);
      await store.problems.close("h", p.key, 30);
      expect(await store.problems.history("h", all)).toMatchObject([{ since: 10, flaps: 1, closedAt: 30 }]);
    });

    it("rows of before bodies were kept stay readable: an English sentence, and its times", async () => {
      const old = { host: "h", check_id: "c", status: "fail", message: "a is down", subject: "h/nic/a", body: "" };
      await store.db
        .insertInto("problem")
        .values({ ...old, key: p.key, opened_at: 5, closed_at: 6 })
        .execute();
      const [row] = await store.problems.history("h", all);
      expect(row).toEqual({
        id: 1,
        host: "h",
        key: p.key,
        check: "c",
        subject: "h/nic/a",
        status: "fail",
        message: "a is down",
        tail: [],
        impacts: [],
        since: 5,
        last: 5,
        flaps: 0,
        closedAt: 6,
      });
      expect(PastProblem.parse(row)).toEqual(row);
    });
  });

  it("the audit log can only grow", async () => {
    const row = { at: 1, who: "ann", what: "host.save", host: "h", outcome: "ok", detail: "" };
    for (let at = 1; at <= 3; at++) await store.audit.add({ ...row, at });
    const newest = await store.audit.list(2);
    expect(newest.map((r) => r.at)).toEqual([3, 2]);
    expect((await store.audit.list(10, newest[1]?.id)).map((r) => r.at)).toEqual([1]);
    await expect(store.db.deleteFrom("audit").execute()).rejects.toThrow("append only");
    await expect(store.db.updateTable("audit").set({ who: "nobody" }).execute()).rejects.toThrow("append only");
  });

  it("settings are checked when read", async () => {
    await store.settings.put("check.mtu.min", 1280);
    await store.settings.put("check.note", "x");
    await store.db.insertInto("setting").values({ name: "check.broken", value: "{12" }).execute();
    await store.settings.put("demo", { hosts: 3 });
    expect([...(await store.settings.under("check."))]).toEqual([
      ["broken", "{12"],
      ["mtu.min", 1280],
      ["note", "x"],
    ]);
    await expect(store.settings.get("check.note", z.number())).rejects.toThrow("setting check.note");
  });

  it("remedy runs: open ones are found again", async () => {
    await store.remedyRuns.put({ run: "a", host: "h", ended: false, body: "{}", updatedAt: 1 });
    await store.remedyRuns.put({ run: "b", host: "h", ended: false, body: "{}", updatedAt: 2 });
    await store.remedyRuns.put({ run: "a", host: "h", ended: true, body: '{"x":1}', updatedAt: 3 });
    expect((await store.remedyRuns.open()).map((r) => r.run)).toEqual(["b"]);
    expect(await store.remedyRuns.get("a")).toEqual({
      run: "a",
      host: "h",
      ended: true,
      body: '{"x":1}',
      updatedAt: 3,
    });
    expect((await store.remedyRuns.recent(1)).map((r) => r.run)).toEqual(["a"]);
  });

  it("memory and incidents come back as they went", async () => {
    await store.memory.put("h", { identity: { a: ["b", 1] } }, 1);
    expect(await store.memory.get("h")).toEqual({ identity: { a: ["b", 1] } });
    expect(await store.memory.get("other")).toEqual({});
    const host = { id: "h", name: "h", address: "a", state: "live" as const, since: 1, seenAt: 1, demo: false };
    const body = {
      version: 2 as const,
      takenAt: 5,
      madeBy: "ann",
      note: "look",
      snapshot: {
        host,
        seq: 1,
        epoch: "e",
        at: 5,
        nodes: [],
        edges: [],
        findings: [],
        problems: [],
        passed: [],
        probes: [],
      },
    };
    const head = {
      id: "i",
      host: "h",
      note: "look",
      madeBy: "ann",
      madeAt: 5,
      expiresAt: 9,
      public: true,
      tokenHash: "t",
    };
    await store.incidents.add(head, body);
    expect(await store.incidents.get("i")).toEqual({ head: { ...head, revokedAt: null }, body });
    expect(await store.incidents.revoke("i", 7)).toBe(true);
    expect(await store.incidents.revoke("i", 8)).toBe(false);
    expect((await store.incidents.list(5))[0]).toMatchObject({ id: "i", revokedAt: 7 });
    expect(await store.incidents.get("i")).toEqual({ head: { ...head, revokedAt: 7 }, body: null });
    await store.incidents.add({ ...head, id: "old", expiresAt: 50 }, body);
    await store.incidents.add({ ...head, id: "new", expiresAt: 51 }, body);
    expect(await store.incidents.dropBodies(50)).toBe(1);
    expect(await store.incidents.dropBodies(50)).toBe(0);
    expect(await store.incidents.get("old")).toEqual({
      head: { ...head, id: "old", expiresAt: 50, revokedAt: null },
      body: null,
    });
    expect((await store.incidents.get("new"))?.body).toEqual(body);
  });
});

describe("the lock on the data folder", () => {
  it("lets one in, names it to the second, and opens again", () => {
    const first = lockInstance(dir);
    expect(() => lockInstance(dir)).toThrow(`another instance uses the data folder ${dir} (process ${process.pid})`);
    first.release();
    lockInstance(dir).release();
  });
});
