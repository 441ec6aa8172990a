import { request as rawRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { offerSetup } from "@/server/auth/setup";
import { codeOf, type Site, sampleCard, sampleSnapshot, startSite, testPassword } from "./testing";

let site: Site;
let now = 1_700_000_000_000;
beforeEach(async () => {
  now = 1_700_000_000_000;
  site = await startSite({ now: () => now });
});
afterEach(() => site.close());

const login = (email: string, password: string, more = {}) =>
  site.call("/api/auth/login", { method: "POST", body: { email, password }, ...more });

describe("the first admin", () => {
  const setup = (token: string, name = "Ann") =>
    site.call("/api/auth/setup", {
      method: "POST",
      body: { token, name, email: `${name}@example.org`, password: testPassword },
    });

  it("is made once, by the link, and is logged in", async () => {
    const token = (await offerSetup(site.auth)) ?? "";
    const state = await site.call(`/api/auth/setup?token=${token}`);
    expect(await state.json()).toEqual({ open: true, valid: true });
    expect((await setup("guess")).status).toBe(410);
    const made = await setup(token);
    expect(made.status).toBe(200);
    expect(await made.json()).toMatchObject({ name: "Ann", role: "admin" });
    const cookie = made.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect((await site.call("/api/me", { cookie })).status).toBe(200);
    expect((await setup(token, "Bob")).status).toBe(410);
    expect(await offerSetup(site.auth)).toBeNull();
    expect(await (await site.call(`/api/auth/setup?token=${token}`)).json()).toEqual({ open: false, valid: false });
  });

  it("is one, though the link is used by two at once", async () => {
    const token = (await offerSetup(site.auth)) ?? "";
    const both = await Promise.all([setup(token, "Ann"), setup(token, "Bob")]);
    expect(both.map((one) => one.status).sort()).toEqual([200, 410]);
  });

  it("is not made by an older link, nor by one that is too old", async () => {
    const first = (await offerSetup(site.auth)) ?? "";
    const second = (await offerSetup(site.auth)) ?? "";
    expect((await setup(first)).status).toBe(410);
    const rows = await site.store.db
      .withTables<{ verification: { value: string; expiresAt: string } }>()
      .updateTable("verification")
      .set({ expiresAt: new Date(Date.now() - 1).toISOString() })
      .returning("value")
      .execute();
    expect(JSON.stringify(rows)).not.toContain(second);
    expect((await setup(second)).status).toBe(410);
  });
});

describe("login", () => {
  it("opens a session in a cookie that scripts and other sites cannot use", async () => {
    await site.person("viewer", "vic");
    const response = await login("VIC@example.org", testPassword);
    expect(response.status).toBe(200);
    const [line = ""] = response.headers.getSetCookie();
    expect(line).toMatch(/^taproot_session=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
  });

  it("marks the cookie Secure and sends HSTS behind a proxy that does TLS, and only then", async () => {
    const behind = await startSite({ env: { TAPROOT_PROXY: "1" } });
    await behind.person("viewer", "vic");
    const body = { email: "vic@example.org", password: testPassword };
    const headers = { "X-Forwarded-Proto": "https" };
    const secure = await behind.call("/api/auth/login", { method: "POST", body, headers });
    expect(secure.headers.getSetCookie()[0]).toMatch(/; Secure$/);
    expect(secure.headers.get("strict-transport-security")).toBeTruthy();
    await behind.close();
    await site.person("viewer", "vic");
    const plain = await login("vic@example.org", testPassword, { headers });
    expect(plain.headers.getSetCookie()[0]).not.toMatch(/Secure/);
    expect(plain.headers.get("strict-transport-security")).toBeNull();
  });

  it("says the same of a wrong password and of an account that is not there", async () => {
    await site.person("viewer", "vic");
    const wrong = await login("vic@example.org", "not the password");
    const nobody = await login("nobody@example.org", "not the password");
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await nobody.text());
  });

  it("makes one account wait after five failures, tells how long, and lets it in afterwards", async () => {
    await site.person("viewer", "vic");
    for (let at = 0; at < 5; at++) expect((await login("vic@example.org", "wrong password")).status).toBe(401);
    const limited = await login("Vic@example.org", testPassword);
    expect(limited.status).toBe(429);
    expect(limited.headers.get("retry-after")).toBe("30");
    expect(await limited.json()).toMatchObject({
      error: { code: "limited", message: "Too many failed attempts for this account. Try again in 30 seconds." },
    });
    now += 30_001;
    expect((await login("vic@example.org", testPassword)).status).toBe(200);
    expect((await login("vic@example.org", "wrong password")).status).toBe(401);
  });

  it("does not let a stranger elsewhere lock the owner out", async () => {
    const behind = await startSite({ env: { TAPROOT_PROXY: "1" } });
    await behind.person("viewer", "vic");
    const from = (address: string, password: string) =>
      behind.call("/api/auth/login", {
        method: "POST",
        body: { email: "vic@example.org", password },
        headers: { "X-Forwarded-For": `203.0.113.99, ${address}` },
      });
    expect((await from("198.51.100.1", testPassword)).status).toBe(200);
    for (let at = 0; at < 6; at++) await from("198.51.100.2", "wrong password");
    expect((await from("198.51.100.2", testPassword)).status).toBe(429);
    expect((await from("198.51.100.3", testPassword)).status).toBe(429);
    expect((await from("198.51.100.1", testPassword)).status).toBe(200);
    expect(await behind.store.audit.list(100)).toHaveLength(2 + 5);
    await behind.close();
  });

  it("makes one address wait that tries many accounts, also when it claims others", async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 21; at++) {
      const headers = { "X-Forwarded-For": `198.51.100.${at}` };
      statuses.push((await login(`user${at}@example.org`, "wrong password", { headers })).status);
    }
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
    expect(statuses[20]).toBe(429);
  });

  it("counts attempts that come all at once", async () => {
    await site.person("viewer", "vic");
    const all = await Promise.all(Array.from({ length: 12 }, () => login("vic@example.org", "wrong password")));
    expect(all.filter((one) => one.status === 401)).toHaveLength(5);
  });

  it("is written to the audit log, done or refused, without the password", async () => {
    await site.person("viewer", "vic");
    await login("vic@example.org", testPassword);
    await login("vic@example.org", "secret of somebody");
    const rows = await site.store.audit.list(10);
    expect(rows.map((row) => [row.who, row.what, row.outcome])).toEqual([
      ["nobody", "login", "refused"],
      ["vic", "login", "done"],
    ]);
    expect(JSON.stringify(rows)).not.toContain("secret");
  });
});

describe("sessions, passwords and users", () => {
  it("lists one's own sessions and ends them", async () => {
    const vic = await site.person("viewer", "vic");
    const other = await site.person("viewer", "other");
    const list = await (await site.call("/api/auth/sessions", vic)).json();
    expect(list.sessions).toHaveLength(1);
    const { id } = list.sessions[0];
    const end = (cookie: string) => site.call(`/api/auth/sessions/${id}`, { method: "DELETE", cookie });
    expect((await end(other.cookie)).status).toBe(404);
    expect((await end(vic.cookie)).status).toBe(200);
    expect((await site.call("/api/me", { cookie: vic.cookie })).status).toBe(401);
  });

  it("ends the other sessions when the password changes, and asks for the old one", async () => {
    const vic = await site.person("viewer", "vic");
    const again = await login(vic.email, testPassword);
    const second = again.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const change = (current: string) =>
      site.call("/api/auth/password", {
        method: "POST",
        cookie: vic.cookie,
        body: { current, next: "another long password" },
      });
    expect((await change("not the password")).status).toBe(403);
    expect((await change(testPassword)).status).toBe(200);
    expect((await site.call("/api/me", { cookie: vic.cookie })).status).toBe(200);
    expect((await site.call("/api/me", { cookie: second })).status).toBe(401);
    expect((await login(vic.email, testPassword)).status).toBe(401);
  });

  it("never leaves the site without an admin", async () => {
    const admin = await site.person("admin");
    const path = `/api/users/${admin.id}`;
    for (const body of [{ role: "viewer" }, { disabled: true }]) {
      const response = await site.call(path, { method: "PATCH", cookie: admin.cookie, body });
      expect(await codeOf(response)).toBe("last-admin");
    }
    expect((await site.call(path, { method: "DELETE", cookie: admin.cookie })).status).toBe(409);
    const second = await site.person("admin", "second");
    const demote = (id: string, cookie: string) =>
      site.call(`/api/users/${id}`, { method: "PATCH", cookie, body: { role: "viewer" } });
    const both = await Promise.all([demote(admin.id, second.cookie), demote(second.id, admin.cookie)]);
    expect(both.filter((one) => one.status === 200)).toHaveLength(1);
  });

  it("adds, changes and removes users; a removed one's session and token are dead", async () => {
    const admin = await site.person("admin");
    const body = { name: "New", email: "new@example.org", password: testPassword, role: "operator" };
    const made = await site.call("/api/users", { method: "POST", cookie: admin.cookie, body });
    expect(made.status).toBe(201);
    expect((await made.json()).role).toBe("operator");
    expect((await site.call("/api/users", { method: "POST", cookie: admin.cookie, body })).status).toBe(409);
    const vic = await site.person("viewer", "vic");
    expect((await site.call(`/api/users/${vic.id}`, { method: "DELETE", cookie: admin.cookie })).status).toBe(200);
    expect((await site.call("/api/me", { cookie: vic.cookie })).status).toBe(401);
    expect((await site.call("/api/me", { token: vic.token })).status).toBe(401);
    const list = await (await site.call("/api/users", { cookie: admin.cookie })).json();
    expect(list.users.map((user: { email: string }) => user.email)).toEqual(["admin@example.org", "new@example.org"]);
  });

  it("makes tokens that are shown once, no stronger than their owner, and cannot breed", async () => {
    const vic = await site.person("operator", "vic");
    const make = (who: object, role: string) =>
      site.call("/api/tokens", { method: "POST", ...who, body: { name: "ci", role, expiresInDays: 1 } });
    expect((await make({ cookie: vic.cookie }, "admin")).status).toBe(403);
    expect((await make({ token: vic.token }, "viewer")).status).toBe(403);
    const made = await (await make({ cookie: vic.cookie }, "viewer")).json();
    expect(await (await site.call("/api/me", { token: made.token })).json()).toMatchObject({ role: "viewer" });
    const list = await (await site.call("/api/tokens", { cookie: vic.cookie })).text();
    expect(list).not.toContain(made.token);
    expect(JSON.parse(list).tokens).toContainEqual(expect.objectContaining({ id: made.row.id, role: "viewer" }));
    const keys = await site.store.db
      .withTables<{ apikey: { key: string } }>()
      .selectFrom("apikey")
      .selectAll()
      .execute();
    expect(JSON.stringify(keys)).not.toContain(made.token);
  });
});

describe("the Origin", () => {
  it("must be ours on everything that changes something", async () => {
    const admin = await site.person("admin");
    for (const origin of ["http://evil.example", "null", `${site.url}.evil.example`, null]) {
      const response = await site.call("/api/demo", {
        method: "POST",
        cookie: admin.cookie,
        body: { hosts: 1 },
        origin,
      });
      expect([response.status, await codeOf(response)], String(origin)).toEqual([403, "origin"]);
    }
    expect((await login("a@example.org", "x", { origin: "http://evil.example" })).status).toBe(403);
    expect(site.collector.calls).toEqual([]);
    const byToken = { method: "POST", token: admin.token, body: { hosts: 1 }, origin: null };
    expect((await site.call("/api/demo", byToken)).status).toBe(200);
  });
});

describe("an address by name", () => {
  it("is the only Origin when it is set, and says so", async () => {
    const named = await startSite({ env: { TAPROOT_URL: "https://taproot.example.org" } });
    await named.person("viewer", "vic");
    const from = (origin: string) =>
      named.call("/api/auth/login", {
        method: "POST",
        body: { email: "vic@example.org", password: testPassword },
        origin,
      });
    const right = await from("https://taproot.example.org");
    expect(right.headers.getSetCookie()[0]).toMatch(/; Secure$/);
    expect(right.headers.get("strict-transport-security")).toBeTruthy();
    const wrong = await from(named.url);
    expect(wrong.status).toBe(403);
    expect((await wrong.json()).error.message).toContain("https://taproot.example.org");
    await named.close();
  });
});

describe("hostile requests", () => {
  it("are refused by size before they are read whole", async () => {
    const viewer = await site.person("viewer");
    const huge = await login("a@example.org", "x".repeat(100_000));
    expect(huge.status).toBe(413);
    // Without a length, in chunks that never end.
    const status = await new Promise<number>((resolve, reject) => {
      const request = rawRequest(
        `${site.url}/api/tokens`,
        {
          method: "POST",
          headers: { Origin: site.url, Cookie: viewer.cookie, "Content-Type": "application/json" },
        },
        (response) => {
          clearInterval(timer);
          resolve(response.statusCode ?? 0);
          request.destroy();
        },
      );
      request.on("error", reject);
      const timer = setInterval(() => request.write("x".repeat(16_384)), 2);
    });
    expect(status).toBe(413);
  });

  it("are refused by shape, naming the field, and the collector never sees them", async () => {
    const admin = await site.person("admin");
    const post = (path: string, body: unknown, more = {}) =>
      site.call(path, { method: "POST", cookie: admin.cookie, body, ...more });
    const wrong = await post("/api/demo", { hosts: "many" });
    expect(wrong.status).toBe(400);
    expect((await wrong.json()).error.message).toMatch(/^hosts: /);
    for (const body of ["", "{", "[]", "null", '"x"', "[".repeat(30_000)])
      expect((await post("/api/demo", body)).status, body.slice(0, 9)).toBe(400);
    expect((await post("/api/demo", '{"hosts":1}', { headers: { "Content-Type": "text/plain" } })).status).toBe(415);
    expect(
      (await post("/api/demo", '{"hosts":3,"__proto__":{"role":"admin"},"constructor":{"prototype":{}}}')).status,
    ).toBe(200);
    expect(site.collector.calls).toEqual([
      { method: "demo.start", params: { hosts: 3 }, credential: admin.credential },
    ]);
    expect(Object.hasOwn(Object.prototype, "role")).toBe(false);
  });

  it("find no route by tricks of the address", async () => {
    const admin = await site.person("admin");
    site.collector.answers.set("host.snapshot", () => sampleSnapshot());
    const get = async (path: string) => (await rawGet(path, { Cookie: admin.cookie })).status;
    expect(await get("/api/hosts/../../etc/passwd")).toBe(200); // Is "/etc/passwd", a page that Next does not have; the stand-in draws all.
    expect(await get("/api/hosts/%2e%2e%2fkeys/snapshot")).toBe(200); // One segment, passed on as it is; no file is looked for.
    expect(site.collector.calls.at(-1)?.params).toEqual({ host: "../keys" });
    expect(await get("/api/%ff/x")).toBe(400);
    expect(await get("/api/constructor")).toBe(404);
    expect(await get("/api/__proto__")).toBe(404);
    expect(await get(`/api/hosts/${"x".repeat(300)}/snapshot`)).toBe(404);
    expect(await get("/api")).toBe(404);
    const method = await site.call("/api/me", { method: "PATCH", cookie: admin.cookie });
    expect([method.status, method.headers.get("allow")]).toEqual([405, "GET"]);
    const page = await site.call("/hosts", { method: "POST", cookie: admin.cookie, headers: { "Next-Action": "x" } });
    expect(page.status).toBe(405);
  });

  it("reach no page without a session by tricks of the address", async () => {
    const tricks = [
      "/_next/static/../../hosts",
      "/_next/static/%2e%2e/%2e%2e/hosts",
      "/_next/static/..%2f..%2fhosts",
      "/_next/static/..%5c..%5chosts",
      "//evil.example/hosts",
      "/login/../hosts",
      "/login/x",
      "/%6cogin",
      "/share/../hosts",
      "/share/x%2f..%2fhosts",
      "/favicon.ico/hosts",
      "/hosts?x=/favicon.ico",
    ];
    for (const path of tricks) {
      const { status, location } = await rawGet(path);
      expect(status, path).toBe(302);
      expect(location, path).toMatch(/^\/login(\?next=%2F(?!%2F)[^&]*)?$/);
    }
    expect(site.drawn).toEqual([]);
    for (const path of ["/_next/static/chunks/app-1a.js", "/_next/static/media/x~y.woff2", "/icon.svg", "/login"])
      expect((await rawGet(path)).status, path).toBe(200);
  });

  it("cannot smuggle a header or another site through next=", async () => {
    const { location } = await rawGet("/hosts?q=%0d%0aSet-Cookie:%20a=b");
    expect(location).toBe(`/login?next=${encodeURIComponent("/hosts?q=%0d%0aSet-Cookie:%20a=b")}`);
    for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", "/%0d%0ax\r\n", "javascript:1"]) {
      const response = await rawGet(`/login?next=${encodeURIComponent(next)}`);
      expect([response.status, response.location], next).toEqual([302, "/login"]);
    }
    expect((await rawGet("/login?next=%2Fhosts%2Flab")).status).toBe(200);
  });

  it("do not end the process when they are no HTTP at all", async () => {
    const port = Number(new URL(site.url).port);
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("\x16\x03\x01 hello\r\n\r\n"));
      socket.on("close", () => resolve());
      socket.on("error", () => socket.destroy());
      socket.resume();
    });
    expect((await rawGet("*")).status).toBe(400);
    expect((await site.call("/healthz")).status).toBe(200);
  });

  async function rawGet(path: string, headers: Record<string, string> = {}) {
    return new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
      const { hostname, port } = new URL(site.url);
      rawRequest({ hostname, port, path, headers }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      })
        .on("error", reject)
        .end();
    });
  }
});

describe("headers", () => {
  it("give each page its own policy, and Next the same one", async () => {
    const headers = { "Content-Security-Policy": "script-src 'nonce-mine'" };
    const first = (await site.call("/login", { headers })).headers.get("content-security-policy") ?? "";
    const second = (await site.call("/login")).headers.get("content-security-policy") ?? "";
    expect(first).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{20,}';/);
    expect(first).toContain("frame-ancestors 'none'");
    expect(first).not.toMatch(/script-src[^;]*unsafe/);
    expect(first).not.toBe(second);
    expect(site.drawn.map((one) => one.policy)).toEqual([first, second]);
  });

  it("keep answers out of frames, caches and guesses", async () => {
    const viewer = await site.person("viewer");
    const { headers } = await site.call("/api/me", { cookie: viewer.cookie });
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("cache-control")).toBe("no-store");
  });
});

describe("the collector's part", () => {
  it("is asked with the asker's own credential", async () => {
    const viewer = await site.person("viewer");
    site.collector.answers.set("fleet.cards", () => ({ cards: [sampleCard("lab")], epoch: "e1" }));
    expect((await site.call("/api/hosts", { cookie: viewer.cookie })).status).toBe(200);
    expect((await site.call("/api/hosts", { token: viewer.token })).status).toBe(200);
    expect(site.collector.calls.map((call) => call.credential)).toEqual([viewer.credential, viewer.token]);
  });

  it("is said to be down when it is", async () => {
    const viewer = await site.person("viewer");
    site.collector.setUp(false);
    const response = await site.call("/api/hosts", { cookie: viewer.cookie });
    expect([response.status, await codeOf(response)]).toEqual([503, "collector-down"]);
    expect(await (await site.call("/healthz")).json()).toEqual({ web: "up", collector: "down" });
    expect(await (await site.call("/api/me", { cookie: viewer.cookie })).json()).toMatchObject({ collector: "down" });
  });

  it("does not show its faults to the visitor", async () => {
    const viewer = await site.person("viewer");
    site.collector.answers.set("fleet.cards", () => {
      throw new TypeError("inner secret");
    });
    const response = await site.call("/api/hosts", { cookie: viewer.cookie });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("inner secret");
    expect(site.logged.join()).toContain("inner secret");
  });
});
