import { type IncomingHttpHeaders, request as rawRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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

describe("what is refused", () => {
  it("stands in the log with who asked for what, without the query and without a share's id", async () => {
    await site.call("/api/users", { method: "POST", body: {}, origin: "http://evil.example" });
    await site.call("/api/auth/setup?token=secret-of-the-console", { method: "DELETE" });
    await site.call("/api/incidents/a-key-that-is-long-enough");
    await site.call("/api/nothing-there");
    const lines = site.logged.filter((line) => line.includes("refused"));
    expect(lines[0]).toMatch(/refused POST \/api\/users: 403 origin, from 127\.0\.0\.1/);
    expect(lines[1]).toContain("refused DELETE /api/auth/setup: 405 method");
    expect(lines[2]).toContain("refused GET /api/incidents/...: 401 no-session");
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toMatch(/secret-of-the-console|a-key-that/);
  });
});

describe("an address by name", () => {
  it("is the only Origin when it is set, and says so", async () => {
    const named = await startSite({ env: { TAPROOT_URL: "https://taproot.example.org" } });
    await named.person("viewer", "vic");
    // By hand: fetch sends no other Host than that of the address.
    const from = (origin: string) =>
      new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
        const headers = { Host: "taproot.example.org", Origin: origin, "Content-Type": "application/json" };
        const request = rawRequest(`${named.url}/api/auth/login`, { method: "POST", headers }, (response) => {
          let text = "";
          response.on("data", (chunk) => {
            text += chunk;
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        });
        request.on("error", reject);
        request.end(JSON.stringify({ email: "vic@example.org", password: testPassword }));
      });
    const right = await from("https://taproot.example.org");
    expect(right.headers["set-cookie"]?.[0]).toMatch(/^__Host-.*; Secure$/);
    expect(right.headers["strict-transport-security"]).toBeTruthy();
    const wrong = await from(named.url);
    expect(wrong.status).toBe(403);
    expect(wrong.text).toContain("https://taproot.example.org");
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
    expect((await site.call("/api/me", { cookie: viewer.cookie })).status).toBe(200);
    site.collector.setUp(false);
    const response = await site.call("/api/hosts", { cookie: viewer.cookie });
    expect([response.status, await codeOf(response)]).toEqual([503, "collector-down"]);
    expect(await (await site.call("/healthz")).json()).toEqual({ web: "up", collector: "down" });
    // Whoever was known a moment ago is not asked for a password because of it; whoever was not is let nowhere.
    expect(await (await site.call("/api/me", { cookie: viewer.cookie })).json()).toMatchObject({ collector: "down" });
    expect((await site.call("/api/me", { token: viewer.token })).status).toBe(503);
  });

  it("is waited for by a page, and the page says so when it stays away", { timeout: 30_000 }, async () => {
    const viewer = await site.person("viewer");
    site.collector.setUp(false);
    const soon = site.call("/hosts", { cookie: viewer.cookie });
    await new Promise((resolve) => setTimeout(resolve, 300));
    site.collector.setUp(true);
    expect((await soon).status).toBe(200);
    site.collector.setUp(false);
    const late = await site.call("/hosts", { cookie: (await site.person("viewer", "other")).cookie });
    expect([late.status, late.headers.get("retry-after")]).toEqual([503, "3"]);
    expect(await late.text()).toContain("The collector is not running");
    expect(late.headers.get("content-security-policy")).toContain("default-src 'none'");
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
