import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addUser, login } from "../auth/accounts";
import { type Auth, openAuth } from "../auth/engine";
import { addToken } from "../auth/tokens";
import { checkAudit } from "../store/audit-check";
import { openStore, type Store } from "../store/store";
import { Housekeeping } from "./housekeeping";

const day = 24 * 3600_000;
const key = Buffer.alloc(32, 5);
let dir: string;
let store: Store;
let auth: Auth;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-keep-"));
  store = await openStore(dir, key);
  auth = await openAuth(store);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

it("throws away what is older than it is to be kept, and nothing younger", async () => {
  const now = Date.now();
  const at = (days: number) => now - days * day;
  const told: [string, unknown][] = [];
  const keeping = new Housekeeping({ store, auth, log: (event, more) => told.push([event, more]), now: () => now });
  await keeping.sweep();
  expect(told).toEqual([]);

  const row = { who: "ann", what: "login", host: null, outcome: "done", detail: "" };
  for (const days of [900, 401, 399, 1]) await store.audit.add({ ...row, at: at(days) });
  for (const [run, days, ended] of [
    ["old", 401, true],
    ["open", 401, false],
    ["new", 399, true],
  ] as const)
    await store.remedyRuns.put({ run, host: "h", ended, body: "{}", updatedAt: at(days) });
  const user = await addUser(auth, { name: "A", email: "a@example.org", password: "a long password", role: "admin" });
  await login(auth, { email: user.email, password: "a long password" }, { address: "192.0.2.1", browser: "" });
  await addToken(auth, user, { name: "t", role: "viewer", expiresInDays: 1 });
  await store.login.keepAttempt({ key: "account:x", count: 3, last: at(1), until: 0 });
  await store.login.keepAttempt({ key: "account:y", count: 3, last: now - 1000, until: 0 });
  await store.login.keepDevice("d", "a@example.org", at(401), 20);
  await keeping.sweep();
  expect((await store.audit.list(9)).map((one) => one.what)).toEqual(["audit log pruned", "login", "login"]);
  expect(checkAudit(dir, { TAPROOT_KEY: key.toString("hex") }).faults).toEqual([]);
  expect((await store.remedyRuns.recent(9)).map(({ run }) => run).sort()).toEqual(["new", "open"]);
  expect((await store.login.attempts()).map((one) => one.key)).toEqual(["account:y"]);
  expect(await store.login.isDevice("d", "a@example.org")).toBe(false);
  expect(told).toEqual([["housekeeping", { audit: 2, runs: 1, incidents: 0, sessions: 0, attempts: 1, devices: 1 }]]);

  // Sessions end after 14 days, the token after one; it is listed for a month more.
  const later = new Housekeeping({
    store,
    auth,
    log: (_event, more) => told.push(["later", more]),
    now: () => now + 20 * day,
  });
  await later.sweep();
  expect(told.at(-1)).toMatchObject(["later", { sessions: 1 }]);
  const end = new Housekeeping({
    store,
    auth,
    log: (_event, more) => told.push(["end", more]),
    now: () => now + 32 * day,
  });
  await end.sweep();
  expect(told.at(-1)).toMatchObject(["end", { sessions: 1 }]);
});

it("tells what fails, and does the rest; a setting that does not read is not obeyed", async () => {
  const told: string[] = [];
  await store.settings.put("retention", { auditDays: 0 });
  await store.audit.add({ at: 1, who: "ann", what: "login", host: null, outcome: "done", detail: "" });
  await store.audit.add({ at: Date.now(), who: "ann", what: "login", host: null, outcome: "done", detail: "" });
  const broken = { ...store, remedyRuns: { ...store.remedyRuns, prune: () => Promise.reject(new Error("disk full")) } };
  const keeping = new Housekeeping({ store: broken, auth, log: (event) => told.push(event) });
  keeping.start();
  await keeping.stop();
  expect(told[0]).toBe("retention-ignored");
  await new Housekeeping({ store: broken, auth, log: (event) => told.push(event) }).sweep();
  expect(told).toContain("housekeeping-failed");
  expect((await store.audit.list(9)).map((one) => one.what)).toEqual(["audit log pruned", "login"]);
});
