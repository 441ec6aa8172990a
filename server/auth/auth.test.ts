import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "@/server/store/store";
import { addUser, login, removeUser } from "./accounts";
import { addressKey } from "./address-key";
import { endAllCredentials } from "./end-all";
import { openAuth } from "./engine";
import { HashGate } from "./hash-gate";
import { AttemptLimit } from "./limit";
import { allows, roleOf, weaker } from "./roles";
import { addToken } from "./tokens";
import { whoIsWith } from "./who";

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-auth-"));
  store = await openStore(dir, key);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});
const key = Buffer.alloc(32, 3);
const password = "a long enough password";
const from = { address: "192.0.2.1", browser: "test \u{1f525}\r\nx: y" };

describe("who is it", () => {
  it("is answered at once after a change, whoever made it", async () => {
    const auth = await openAuth(store);
    const other = await openStore(dir, key);
    const theirs = await openAuth(other);
    const whoIs = (credential: string) => whoIsWith(theirs, credential);
    const ann = await addUser(auth, { name: "Ann", email: "Ann@Example.org", password, role: "operator" });
    const cookie = await login(auth, { email: "ann@example.org", password }, from);
    expect(await whoIs(cookie)).toMatchObject({ id: ann.id, name: "Ann", role: "operator", by: "session" });
    const { token } = await addToken(
      auth,
      { id: ann.id, role: "operator" },
      { name: "t", role: "viewer", expiresInDays: 7 },
    );
    expect(await whoIs(token)).toMatchObject({
      id: ann.id,
      role: "viewer",
      by: "token",
      expiresAt: expect.any(Number),
    });
    await endAllCredentials(auth, ann.id);
    expect(await whoIs(cookie)).toBeNull();
    expect(await whoIs(token)).toBeNull();
    await addUser(auth, { name: "Adm", email: "adm@example.org", password, role: "admin" });
    await removeUser(auth, ann.id);
    expect(await whoIs(token)).toBeNull();
    await other.close();
  });

  it("is nobody for anything made up, without touching anything", async () => {
    const auth = await openAuth(store);
    const ann = await addUser(auth, { name: "Ann", email: "ann@example.org", password, role: "admin" });
    const cookie = await login(auth, { email: "ann@example.org", password }, from);
    const whoIs = (credential: string) => whoIsWith(auth, credential);
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

  it("is nobody with a cookie that another master key signed", async () => {
    const auth = await openAuth(store);
    await addUser(auth, { name: "Ann", email: "ann@example.org", password, role: "admin" });
    const cookie = await login(auth, { email: "ann@example.org", password }, from);
    const forger = await openAuth({ db: store.db, keyFor: () => Buffer.alloc(32, 9) });
    const [token = ""] = decodeURIComponent(cookie).split(".");
    expect(await whoIsWith(forger, cookie)).toBeNull();
    expect(await whoIsWith(auth, token)).toBeNull();
    expect(await whoIsWith(auth, cookie)).not.toBeNull();
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

  it("keeps what waits, however many other keys come", () => {
    const limit = new AttemptLimit({ free: 2, forgetMs: 1e6, waitMs: 1e6, maxWaitMs: 1e6, maxKeys: 5 }, () => 0);
    for (let at = 0; at < 3; at++) limit.take("victim");
    for (let at = 0; at < 100; at++) {
      limit.take(`made up ${at}`);
      if (at % 2) limit.giveBack(`made up ${at}`);
    }
    expect(limit.take("victim")).toBeGreaterThan(0);
  });

  it("remembers no more keys than it may", () => {
    const limit = new AttemptLimit({ free: 1, forgetMs: 1e6, waitMs: 1e6, maxWaitMs: 1e6, maxKeys: 3 }, () => 0);
    for (const key of ["a", "b", "c", "d"]) limit.take(key);
    expect(limit.take("d")).toBeGreaterThan(0);
    expect(limit.take("a")).toBe(0);
  });
});

describe("what an address counts as", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:DB8:0:0:ffff::1", "2001:db8:0:0::/64"],
    ["2001:0db8:0001:0002:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
    ["unknown", "unknown"],
  ])("%s -> %s", (address, key) => expect(addressKey(address)).toBe(key));
});

describe("the gate before hashing", () => {
  it("lets two strangers in at once, sixteen wait, refuses more, and holds up nobody who is known", async () => {
    const gate = new HashGate();
    let most = 0;
    let now = 0;
    const ends: (() => void)[] = [];
    const work = async () => {
      most = Math.max(most, ++now);
      await new Promise<void>((end) => ends.push(end));
      now--;
    };
    const all = Array.from({ length: 18 }, () => gate.run("stranger", work));
    await expect(gate.run("stranger", work)).rejects.toMatchObject({ code: "busy", retryAfter: 3 });
    expect(await gate.run("known", async () => "in")).toBe("in");
    while (ends.length > 0) {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(most).toBe(2);
    await expect(gate.run("stranger", () => Promise.reject(new Error("wrong")))).rejects.toThrow("wrong");
    expect(await gate.run("stranger", async () => "free again")).toBe("free again");
  });
});
