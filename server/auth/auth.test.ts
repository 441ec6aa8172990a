import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "@/server/store/store";
import { addUser, endSessions, login, removeUser } from "./accounts";
import { openAuth } from "./engine";
import { AttemptLimit } from "./limit";
import { allows, roleOf, weaker } from "./roles";
import { authSecret } from "./secret";
import { addToken } from "./tokens";
import { makeWhoIs } from "./who";

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-auth-"));
  store = await openStore(dir);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});
const password = "a long enough password";
const from = { address: "192.0.2.1", browser: "test \u{1f525}\r\nx: y" };

describe("who is it", () => {
  it("is answered alike by two processes on one data folder, and at once after a change", async () => {
    const auth = await openAuth(store);
    const other = await openStore(dir);
    const whoIs = makeWhoIs(other);
    const ann = await addUser(auth, { name: "Ann", email: "Ann@Example.org", password, role: "operator" });
    const cookie = await login(auth, { email: "ann@example.org", password }, from);
    expect(await whoIs(cookie)).toMatchObject({ id: ann.id, name: "Ann", role: "operator", by: "session" });
    const { token } = await addToken(auth, { id: ann.id, role: "operator" }, { name: "t", role: "viewer" });
    expect(await whoIs(token)).toMatchObject({ id: ann.id, role: "viewer", by: "token", expiresAt: null });
    await endSessions(auth, ann.id);
    expect(await whoIs(cookie)).toBeNull();
    await addUser(auth, { name: "Adm", email: "adm@example.org", password, role: "admin" });
    await removeUser(auth, ann.id);
    expect(await whoIs(token)).toBeNull();
    await other.close();
  });

  it("is nobody for anything made up, without touching anything", async () => {
    const auth = await openAuth(store);
    const ann = await addUser(auth, { name: "Ann", email: "ann@example.org", password, role: "admin" });
    const cookie = await login(auth, { email: "ann@example.org", password }, from);
    const whoIs = makeWhoIs(store);
    const [session] = await store.db
      .withTables<{ session: { token: string } }>()
      .selectFrom("session")
      .select("token")
      .execute();
    const made = [
      "",
      ann.id,
      // What the database holds is not enough: the signature is missing.
      session?.token ?? "",
      `${session?.token}.`,
      `${session?.token}.${"A".repeat(43)}%3D`,
      cookie.slice(0, -2),
      `${cookie}; other=1`,
      `x\r\nCookie: ${cookie}`,
      "taproot_",
      `taproot_${"a".repeat(64)}`,
      "\u0000",
      "x".repeat(100_000),
    ];
    for (const one of made) expect(await whoIs(one), JSON.stringify(one.slice(0, 80))).toBeNull();
    expect((await whoIs(cookie))?.name).toBe("Ann");
  });

  it("makes its tables once, though both processes start on an empty database at the same time", async () => {
    const others = await Promise.all([openStore(dir), openStore(dir)]);
    await Promise.all([store, ...others].map((one) => openAuth(one)));
    for (const other of others) await other.close();
  });
});

describe("the signing secret", () => {
  it("is made once, whole, readable by its owner only", () => {
    const all = new Set(Array.from({ length: 5 }, () => authSecret(dir, {})));
    expect(all.size).toBe(1);
    expect(statSync(join(dir, "auth.secret")).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir).filter((name) => name.startsWith("auth.secret"))).toEqual(["auth.secret"]);
  });

  it("may come from the environment, and is never weak", () => {
    expect(authSecret(dir, { TAPROOT_AUTH_SECRET: "x".repeat(32) })).toBe("x".repeat(32));
    expect(() => authSecret(dir, { TAPROOT_AUTH_SECRET: "short" })).toThrow(/TAPROOT_AUTH_SECRET holds less than 32/);
    const other = join(dir, "other");
    mkdirSync(other);
    writeFileSync(join(other, "auth.secret"), "");
    expect(() => authSecret(other, {})).toThrow(/auth\.secret holds less than 32/);
  });
});

describe("roles", () => {
  it("are ordered, and anything else is the weakest", () => {
    expect(allows("operator", "viewer")).toBe(true);
    expect(allows("operator", "admin")).toBe(false);
    expect(weaker("admin", "operator")).toBe("operator");
    for (const odd of [undefined, null, "", "root", "admin,viewer", {}]) expect(roleOf(odd)).toBe("viewer");
  });
});

describe("the limit on attempts", () => {
  it("asks for waits that double up to a bound, and forgets after quiet", () => {
    let now = 0;
    const limit = new AttemptLimit({ free: 2, forgetMs: 10_000, waitMs: 100, maxWaitMs: 400 }, () => now);
    const waits: number[] = [];
    for (let at = 0; at < 6; at++) {
      expect(limit.take("a")).toBe(0);
      const wait = limit.take("a");
      // The first attempt is free; the second is too, and starts the waiting.
      waits.push(at === 0 ? limit.take("a") : wait);
      now += waits.at(-1) ?? 0;
    }
    expect(waits).toEqual([100, 200, 400, 400, 400, 400]);
    now += 10_001;
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 0]);
    limit.clear("a");
    expect(limit.take("a")).toBe(0);
  });

  it("remembers no more keys than it may", () => {
    const limit = new AttemptLimit({ free: 1, forgetMs: 1e6, waitMs: 1e6, maxWaitMs: 1e6, maxKeys: 3 }, () => 0);
    for (const key of ["a", "b", "c", "d"]) limit.take(key);
    expect(limit.take("d")).toBeGreaterThan(0);
    expect(limit.take("a")).toBe(0);
  });
});
