// Long: one site with its accounts, started once for all of it.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MarkedAuditRow } from "@/lib/wire/rest";
import { limited, openLoginLimits } from "@/server/auth/login-limits";
import { offerSetup } from "@/server/auth/setup";
import { BusProblem } from "@/server/bus/problem";
import { codeOf, type Site, startSite, testPassword } from "./testing";

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

  it("marks the cookie Secure, and with a name that no sibling can plant, behind a proxy that does TLS, and only then", async () => {
    const behind = await startSite({ env: { TAPROOT_PROXY: "1" } });
    await behind.person("viewer", "vic");
    const body = { email: "vic@example.org", password: testPassword };
    const headers = { "X-Forwarded-Proto": "https" };
    const origin = behind.url.replace("http:", "https:");
    const secure = await behind.call("/api/auth/login", { method: "POST", body, headers, origin });
    expect(secure.headers.getSetCookie()[0]).toMatch(/^__Host-taproot_session=.*; Secure$/);
    expect(secure.headers.getSetCookie()[1]).toMatch(/^__Host-taproot_device=.*; Secure$/);
    // What the browser shows is https, what came is not: a page of another scheme is another site.
    expect((await behind.call("/api/auth/login", { method: "POST", body, headers })).status).toBe(403);
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
    const from = (address: string, password: string, cookie?: string) =>
      behind.call("/api/auth/login", {
        method: "POST",
        body: { email: "vic@example.org", password },
        headers: { "X-Forwarded-For": `203.0.113.99, ${address}` },
        ...(cookie === undefined ? {} : { cookie }),
      });
    const first = await from("198.51.100.1", testPassword);
    const [, line = ""] = first.headers.getSetCookie();
    expect(line).toMatch(/^taproot_device=[\w.-]+; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax$/);
    const device = line.split(";")[0] ?? "";
    // Five wrong guesses, the sixth has to wait: whoever guesses, and from wherever he does, also from the owner's own address.
    for (let at = 0; at < 6; at++) await from("198.51.100.1", "wrong password");
    expect((await from("198.51.100.1", testPassword)).status).toBe(429);
    expect((await from("198.51.100.3", testPassword)).status).toBe(429);
    expect((await from("198.51.100.3", testPassword, `${device.slice(0, -1)}x`)).status).toBe(429);
    // The owner's browser is known wherever it is; its own failures count, and only its own.
    expect((await from("198.51.100.4", testPassword, device)).status).toBe(200);
    for (let at = 0; at < 5; at++) expect((await from("198.51.100.4", "wrong", device)).status).toBe(401);
    expect(await codeOf(await from("198.51.100.4", testPassword, device))).toBe("limited");
    await behind.close();
  });

  it("keeps its counts and the known devices over a restart, and counts a whole IPv6 /64 as one address", async () => {
    const { login: kept } = site.store;
    const key = site.store.keyFor("devices");
    const browser = "test";
    const wrong = () => Promise.reject(new BusProblem("bad-login", "no"));
    const before = await openLoginLimits(kept, key, () => now);
    const cookie = await before.devices.seen(null, "vic@example.org");
    for (let at = 0; at < 5; at++)
      await expect(limited(before, "Vic@example.org", { address: `192.0.2.${at}`, browser }, wrong)).rejects.toThrow();
    for (let at = 0; at < 20; at++) {
      const address = `2001:db8:0:1::${at.toString(16)}`;
      await expect(limited(before, `user${at}@example.org`, { address, browser }, wrong)).rejects.toThrow("no");
    }
    const after = await openLoginLimits(kept, key, () => now);
    const right = async () => "in";
    const vic = (more: object) => limited(after, "vic@example.org", { address: "192.0.2.99", browser, ...more }, right);
    await expect(vic({})).rejects.toThrow(/for this account/);
    await expect(limited(after, "x@example.org", { address: "2001:db8:0:1:ffff::1", browser }, right)).rejects.toThrow(
      /from your address/,
    );
    expect((await limited(after, "x@example.org", { address: "2001:db8:0:2::1", browser }, right)).result).toBe("in");
    expect((await vic({ device: cookie })).device).toBe(cookie.split(".")[0]);
    // Another account's device is a stranger, and so is one of before all credentials of the account were ended.
    expect(await after.devices.known(cookie, "x@example.org")).toBeNull();
    await after.devices.forget("Vic@example.org");
    await expect(vic({ device: cookie })).rejects.toThrow(/for this account/);
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

describe("what was refused", () => {
  const refused = async () => {
    const rows = await site.store.audit.list(50);
    return rows.filter((row) => row.what === "request refused").map((row) => `${row.who}: ${row.detail}`);
  };

  it("stands in the audit log where it would have changed something, counted", async () => {
    const vic = await site.person("viewer", "vic");
    const remove = (more: object) => site.call("/api/hosts/kvm1", { method: "DELETE", ...more });
    for (let at = 0; at < 20; at++) expect((await remove({ cookie: vic.cookie })).status).toBe(403);
    expect((await remove({})).status).toBe(401);
    expect((await remove({ cookie: vic.cookie, origin: "http://evil.example" })).status).toBe(403);
    await site.call("/api/users", { cookie: vic.cookie });
    const first = [
      "vic: DELETE /api/hosts/:id: role, from 127.0.0.1",
      "nobody: DELETE /api/hosts/:id: no-session, from 127.0.0.1",
      "vic: DELETE /api/hosts/:id: origin, from 127.0.0.1",
    ];
    await expect.poll(refused).toEqual([...first].reverse());
    await site.refusals.flush();
    expect((await refused())[0]).toBe(`${first[0]} (19 more within a minute)`);
  });
});

describe("the audit log", () => {
  it("is exported whole, a line each with its mark, for operators", async () => {
    const ann = await site.person("operator", "ann");
    const vic = await site.person("viewer", "vic");
    const row = { at: 1, who: "x", what: "y", host: null, outcome: "done", detail: "line\nbreak \u2028" };
    for (let at = 0; at < 1003; at++) await site.store.audit.add(row);
    expect((await site.call("/api/audit/export", { cookie: vic.cookie })).status).toBe(403);
    const response = await site.call("/api/audit/export", { cookie: ann.cookie });
    expect(response.headers.get("content-type")).toMatch(/^application\/jsonl/);
    expect(response.headers.get("content-disposition")).toMatch(/attachment/);
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => MarkedAuditRow.parse(JSON.parse(line)));
    expect(lines.map(({ id }) => id)).toEqual(Array.from({ length: 1004 }, (_, at) => at + 1));
    expect(lines.at(-1)).toMatchObject({ who: "ann", what: "audit log exported" });
    expect(new Set(lines.map(({ mark }) => mark)).size).toBe(1004);
  });

  it("is kept as long as an admin says, but never so short that traces could be cleared", async () => {
    const admin = await site.person("admin");
    const set = (body: object) => site.call("/api/retention", { method: "PATCH", cookie: admin.cookie, body });
    expect(await (await site.call("/api/retention", { cookie: admin.cookie })).json()).toEqual({
      auditDays: 400,
      runDays: 400,
      incidentDays: 400,
    });
    for (const body of [{ auditDays: 89 }, { auditDays: 0 }, {}, { other: 1 }])
      expect((await set(body)).status).toBe(400);
    expect(await (await set({ auditDays: 90 })).json()).toEqual({ auditDays: 90, runDays: 400, incidentDays: 400 });
    expect((await site.store.audit.list(1))[0]).toMatchObject({
      what: "retention.put",
      detail: "auditDays: 400 -> 90",
    });
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

  it("ends sessions and tokens together, whatever ends them", async () => {
    const admin = await site.person("admin");
    const patch = (id: string, body: object) =>
      site.call(`/api/users/${id}`, { method: "PATCH", ...proof(admin), body });
    const proof = (who: { cookie: string }) => ({ cookie: who.cookie });
    const ways: Record<string, (vic: { id: string; cookie: string }) => Promise<Response>> = {
      "own password": (vic) =>
        site.call("/api/auth/password", {
          method: "POST",
          ...proof(vic),
          body: { current: testPassword, next: "another long password" },
        }),
      reset: (vic) => patch(vic.id, { password: "another long password" }),
      "log out everywhere": (vic) => site.call(`/api/users/${vic.id}/sessions`, { method: "DELETE", ...proof(admin) }),
      "disabled and enabled again": async (vic) => {
        await patch(vic.id, { disabled: true });
        return patch(vic.id, { disabled: false });
      },
    };
    for (const [at, [name, end]] of Object.entries(ways).entries()) {
      const vic = await site.person("operator", `vic${at}`);
      expect((await site.call("/api/me", { token: vic.token })).status, name).toBe(200);
      expect((await end(vic)).status, name).toBe(200);
      expect((await site.call("/api/me", { token: vic.token })).status, name).toBe(401);
      expect((await site.call("/api/me", { cookie: vic.cookie })).status, name).toBe(
        name === "own password" ? 200 : 401,
      );
    }
    expect((await site.call("/api/me", { token: admin.token })).status).toBe(200);
  });

  it("lowers a person's tokens with the person, and does not raise them again", async () => {
    const admin = await site.person("admin");
    const vic = await site.person("admin", "vic");
    for (const role of ["viewer", "admin"])
      await site.call(`/api/users/${vic.id}`, { method: "PATCH", cookie: admin.cookie, body: { role } });
    expect(await (await site.call("/api/me", { token: vic.token })).json()).toMatchObject({ role: "viewer" });
    expect(await (await site.call("/api/me", { cookie: vic.cookie })).json()).toMatchObject({ role: "admin" });
  });

  it("lets tokens end by themselves; longer than a year, or never, only admins say", async () => {
    const admin = await site.person("admin");
    const vic = await site.person("operator", "vic");
    const make = (cookie: string, more: object) =>
      site.call("/api/tokens", { method: "POST", cookie, body: { name: "ci", role: "viewer", ...more } });
    const days = async (response: Response) => {
      const { row } = await response.json();
      return row.expiresAt === null ? null : Math.round((row.expiresAt - Date.now()) / 86_400_000);
    };
    expect(await days(await make(vic.cookie, {}))).toBe(90);
    expect(await days(await make(vic.cookie, { expiresInDays: 366 }))).toBe(366);
    for (const expiresInDays of [367, null])
      expect(await codeOf(await make(vic.cookie, { expiresInDays }))).toBe("role");
    expect(await days(await make(admin.cookie, { expiresInDays: null }))).toBeNull();
    expect(await days(await make(admin.cookie, { expiresInDays: 3650 }))).toBe(3650);
  });

  it("shows everybody's tokens to admins, who revoke any of them, and nobody else does", async () => {
    const admin = await site.person("admin");
    const vic = await site.person("operator", "vic");
    const revoke = (cookie: string, id: string) => site.call(`/api/tokens/all/${id}`, { method: "DELETE", cookie });
    const { tokens } = await (await site.call("/api/tokens/all", { cookie: admin.cookie })).json();
    expect(tokens).toHaveLength(2);
    const theirs = tokens.find((row: { id: string }) => row.id === vic.tokenId);
    expect(theirs).toMatchObject({ owner: { id: vic.id, email: vic.email }, role: "operator" });
    expect(JSON.stringify(tokens)).not.toContain(vic.token);
    expect((await site.call("/api/tokens/all", { cookie: vic.cookie })).status).toBe(403);
    expect((await revoke(vic.cookie, admin.tokenId)).status).toBe(403);
    expect((await revoke(admin.cookie, "nothing")).status).toBe(404);
    expect((await revoke(admin.cookie, vic.tokenId)).status).toBe(200);
    expect((await site.call("/api/me", { token: vic.token })).status).toBe(401);
    const [row] = await site.store.audit.list(1);
    expect(row).toMatchObject({ who: "admin", what: "token revoked", detail: `script of ${vic.email}` });
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
