import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, SqliteDialect, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkAudit } from "./audit-check";
import { migrate } from "./migrate";
import { migrations } from "./migrations/all";
import { Database } from "./sqlite";
import { openStore, type Store } from "./store";

const key = Buffer.alloc(32, 1);
const env = { TAPROOT_KEY: key.toString("hex") };
let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-audit-"));
  store = await openStore(dir, key);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const row = (at: number) => ({ at, who: "ann", what: "host.save", host: "kvm1", outcome: "done", detail: `no ${at}` });
const add = async (count: number) => {
  for (let at = 1; at <= count; at++) await store.audit.add(row(at));
};
const faults = (more = env) => checkAudit(dir, more).faults;

/** Somebody who may write the file, and has no key. */
function tamper(...statements: string[]): void {
  const file = new Database(join(dir, "taproot.db"));
  file.exec("drop trigger if exists audit_no_update; drop trigger if exists audit_no_delete");
  for (const statement of statements) file.exec(statement);
  file.close();
}
const copy = "insert into audit (id, at, who, what, host, outcome, detail, mark) select";

/** A database of the release before the chain, with its triggers, opened by this one. */
async function afterOldRelease(people: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "taproot-audit-old-"));
  try {
    const db = new Kysely<unknown>({
      dialect: new SqliteDialect({ database: new Database(join(folder, "taproot.db")) }),
    });
    await migrate(
      db,
      migrations.filter(({ id }) => id < "0005"),
    );
    for (const who of people)
      await sql`insert into audit (at, who, what, host, outcome, detail) values (1, ${who}, 'login', null, 'done', '')`.execute(
        db,
      );
    await db.destroy();
    await (await openStore(folder, key)).close();
    return checkAudit(folder, env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the audit log's chain", () => {
  it("fits where nobody was at it, also for many rows at once and while the store is open", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, at) => store.audit.add(row(at))));
    expect(checkAudit(dir, env)).toEqual({ rows: 50, first: 1, faults: [] });
  });

  it.each<[string, string[], (string | RegExp)[]]>([
    ["changed", ["update audit set who = 'bob' where id = 3"], [/^row 3 \(1970-.*, bob, host.save\) was changed/]],
    ["a host taken out", ["update audit set host = null where id = 3"], [/^row 3 /]],
    ["removed", ["delete from audit where id = 3"], ["row 3 is missing"]],
    ["some removed", ["delete from audit where id in (2, 3)"], ["rows 2 to 3 are missing"]],
    ["the first removed", ["delete from audit where id = 1"], ["row 1 is missing"]],
    ["the newest removed", ["delete from audit where id >= 4"], ["rows 4 to 5 are missing at the end"]],
    ["put in", [`${copy} 6, at, who, what, host, outcome, 'forged', mark from audit where id = 5`], [/^row 6 /]],
    [
      "two swapped",
      [
        "update audit set id = 99 where id = 2",
        "update audit set id = 2 where id = 3",
        "update audit set id = 3 where id = 99",
      ],
      [/^row 2 /, /^row 3 /, /^row 4 /],
    ],
    [
      "removed and the end with it",
      ["delete from audit where id = 5", "delete from audit_chain where name = 'head'"],
      [/where the log ends/],
    ],
    [
      "pruned by hand",
      [
        "update audit_chain set row_id = 2, mark = (select mark from audit where id = 2) where name = 'anchor'",
        "delete from audit where id <= 2",
      ],
      [/where the log begins/],
    ],
    ["all emptied", ["delete from audit"], ["rows 1 to 5 are missing at the end"]],
  ])("names what was %s", async (_what, statements, expected) => {
    await add(5);
    tamper(...statements);
    const found = faults();
    expect(found).toHaveLength(expected.length);
    for (const [at, one] of expected.entries()) expect(found[at]).toMatch(one);
  });

  it("fits no other key, and is not looked at without one", async () => {
    await add(2);
    expect(faults({ TAPROOT_KEY: "00".repeat(32) }).length).toBeGreaterThan(1);
    expect(() => checkAudit(dir, {})).toThrow(/no secret key/);
    expect(() => checkAudit(join(dir, "nothing"), env)).toThrow(/there is no database/);
  });

  it("goes on after its end was taken away, and says so in a row", async () => {
    await add(2);
    tamper("delete from audit where id = 2", "delete from audit_chain where name = 'head'");
    await store.audit.add(row(9));
    expect((await store.audit.list(5)).map((one) => one.what)).toEqual([
      "host.save",
      "audit log tampered with",
      "host.save",
    ]);
  });

  it("is pruned from its old end only, in batches, and still fits", async () => {
    await add(5);
    expect(await store.audit.prune(4, 2)).toBe(2);
    expect(await store.audit.prune(4, 2)).toBe(1);
    expect(await store.audit.prune(4, 2)).toBe(0);
    expect(checkAudit(dir, env)).toEqual({ rows: 2, first: 4, faults: [] });
    // The newest row stays however old it is: the chain hangs on it.
    expect(await store.audit.prune(1e15, 100)).toBe(1);
    await store.audit.add(row(6));
    expect(checkAudit(dir, env)).toEqual({ rows: 2, first: 5, faults: [] });
    await expect(store.db.deleteFrom("audit").execute()).rejects.toThrow("append only");
    await expect(store.db.updateTable("audit").set({ mark: "x" }).execute()).rejects.toThrow("append only");
    expect((await store.audit.export(5, 10)).map(({ id, mark }) => [id, mark.length])).toEqual([[6, 43]]);
  });

  it("takes in the rows of a release that knew none, once", async () => {
    await add(3);
    await store.close();
    tamper("update audit set mark = ''", "delete from audit_chain");
    store = await openStore(dir, key);
    expect(checkAudit(dir, env)).toEqual({ rows: 3, first: 1, faults: [] });
    expect(await afterOldRelease(["ann", "bob"])).toEqual({ rows: 2, first: 1, faults: [] });
    await store.close();
    tamper("update audit set mark = '' where id = 2");
    store = await openStore(dir, key);
    expect(faults()[0]).toMatch(/^row 2 /);
  });
});
