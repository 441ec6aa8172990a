// Long: one collector with its store and its bus, set up in the same way for all of it.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BusMethod, BusParams, BusPush } from "@/lib/wire/bus";
import { HostSpec, type Role } from "@/lib/wire/rest";
import { topics } from "@/lib/wire/topics/registry";
import { type Auth, openAuth } from "../auth/engine";
import { BusClient } from "../bus/client";
import type { BusProblem } from "../bus/problem";
import { openStore, type Store } from "../store/store";
import { person } from "../web/testing";
import { type Collector, startCollector } from "./collector";
import { makeEngine } from "./engine";
import { type Connect, SshFailure } from "./ssh/api";
import { connect as realConnect } from "./ssh/connect";
import { fingerprintOf } from "./ssh/known-hosts";

let dir: string;
let store: Store;
let auth: Auth;
const token = "t".repeat(32);
let collector: Collector;
let client: BusClient;
let log: string[];
const key = randomBytes(32);
const connects: HostSpec[] = [];

/** Nobody is there. */
const nobody: Connect = async (spec) => {
  connects.push(spec);
  throw new SshFailure("unreachable", "connection refused");
};

async function start(connect: Connect = nobody): Promise<void> {
  collector = await startCollector({
    store,
    auth,
    bus: { path: join(dir, "bus.sock"), token },
    whoIs: async (session) => (["viewer", "operator", "admin"].includes(session) ? person(session as Role) : null),
    connect,
    makeEngine,
    log: (event, more) => log.push(`${event} ${JSON.stringify(more)}`),
  });
  client = new BusClient({ path: join(dir, "bus.sock"), token, log: (line) => log.push(line) });
  await until(() => client.up);
}

async function stop(): Promise<void> {
  client.close();
  await collector.close();
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-col-"));
  store = await openStore(dir, key);
  auth = await openAuth(store);
  log = [];
  connects.length = 0;
  await start();
});
afterEach(async () => {
  await stop();
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function until(check: () => boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!check()) {
    if (Date.now() > end) throw new Error(`did not come true; log: ${log.slice(-5).join(" | ")}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const call = <M extends BusMethod>(method: M, params: BusParams<M>, session = "admin") =>
  client.call(method, params, session);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: BusProblem) => `${error.code}: ${error.message}`,
  );
const spec = (more: object = {}) =>
  HostSpec.parse({
    id: "kvm1",
    address: "192.0.2.1",
    user: "noc",
    login: { kind: "password", password: "correct horse" },
    sudo: { kind: "password", password: "battery staple" },
    ...more,
  });
const keyText = (n: number) =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from("ssh-ed25519"),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, n),
  ]);
const lineFor = (names: string, n: number) => `${names} ssh-ed25519 ${keyText(n).toString("base64")}`;
const question = (n: number) => ({
  address: "192.0.2.1",
  port: 22,
  keyType: "ssh-ed25519",
  fingerprint: fingerprintOf(keyText(n)),
});

describe("who may do what", () => {
  it("is the collector's own judgement, for each method", async () => {
    expect(await refusal(call("fleet.cards", {}, ""))).toMatch(/^no-session/);
    expect(await refusal(call("fleet.cards", {}, "stolen"))).toMatch(/^no-session/);
    expect(await refusal(call("fleet.cards", {}, "viewer"))).toBe("done");
    expect(await refusal(call("host.retry", { host: "kvm1" }, "viewer"))).toMatch(
      /^role: this needs the role operator/,
    );
    for (const [method, params] of [
      ["host.save", { spec: spec() }],
      ["host.remove", { host: "kvm1" }],
      ["host.test", { spec: spec() }],
      ["host.approveKey", { question: question(1) }],
      ["keys.import", { knownHosts: "" }],
      ["demo.start", { hosts: 1 }],
      ["demo.stop", {}],
      ["settings.put", { check: "nic-flapping", name: "losses", value: 5 }],
      ["settings.reset", {}],
    ] as const)
      expect(await refusal(call(method, params as never, "operator")), method).toMatch(
        /^role: this needs the role admin/,
      );
    for (const method of ["remedy.apply", "remedy.undo"] as const)
      expect(await refusal(call(method, { run: "x" }, "viewer")), method).toMatch(/^role/);
    expect(connects).toEqual([]);
  });

  it("and each change leaves its row, without a secret in it", async () => {
    await call("host.save", { spec: spec() });
    await refusal(call("host.remove", { host: "none" }));
    const rows = await store.audit.list(10);
    expect(rows.map((row) => [row.who, row.what, row.host, row.outcome])).toEqual([
      ["the admin", "host.remove", "none", "refused: there is no host none"],
      ["the admin", "host.save", "kvm1", "done"],
    ]);
    expect(JSON.stringify([rows, log])).not.toMatch(/correct horse|battery/);
  });
});

describe("hosts", () => {
  it("are saved sealed, tried, shown, and there again after a restart", async () => {
    const pushes: BusPush[] = [];
    client.onPush((push) => pushes.push(push));
    const streams = ["host", "fleet", "problems", "job"];
    for (const topic of streams.slice(1)) await call("topic.watch", { topic }, "viewer");
    await call("host.save", { spec: spec() });
    await call("topic.watch", { topic: "host", key: "kvm1" }, "viewer");
    await until(() => collector.fleet.host("kvm1")?.info.state === "unreachable");
    const told = (topic: string) =>
      JSON.stringify(pushes.filter((push) => push.push === "change" && push.topic === topic));
    // An attempt that fails as the one before is no news; another address is.
    const moved = spec({ address: "192.0.2.7" });
    await call("host.save", { spec: moved });
    await until(() => ["host", "fleet"].every((topic) => told(topic).includes('"192.0.2.7"')));
    const { cards, epoch } = await call("fleet.cards", {}, "viewer");
    expect(cards).toMatchObject([{ host: { id: "kvm1", state: "unreachable", reason: "connection refused" } }]);
    expect(await call("host.snapshot", { host: "kvm1" }, "viewer")).toMatchObject({ host: { id: "kvm1" }, nodes: [] });
    // Sealed as a whole row: not even where it leads stands in the clear.
    expect(JSON.stringify(await store.db.selectFrom("host").selectAll().execute())).not.toMatch(
      /correct horse|battery|192\.0\.2\.[17]|noc/,
    );
    await stop();
    connects.length = 0;
    await start();
    await until(() => connects.length > 0);
    expect(connects[0]).toEqual(moved);
    expect((await call("fleet.cards", {}, "viewer")).epoch).not.toBe(epoch);
  });

  it("are not added under the name of a page or topic; one from before is opened and changed", async () => {
    const names = [...Object.keys(topics), ...readdirSync("app/(main)/hosts").filter((name) => !/[[.]/.test(name))];
    expect(names).toEqual(expect.arrayContaining(["add", "fleet", "host", "job", "problems"]));
    for (const id of names)
      expect(await refusal(call("host.save", { spec: spec({ id }) }))).toBe(
        `conflict: ${id} is the name of a page or topic of Taproot: choose another name`,
      );
    expect(collector.fleet.hosts()).toEqual([]);
    await stop();
    await store.hosts.put(spec({ id: "fleet" }), 1);
    await start();
    expect(await call("topic.watch", { topic: "host", key: "fleet" }, "viewer")).toMatchObject({
      snapshot: { host: { id: "fleet" } },
    });
    expect(await call("topic.watch", { topic: "fleet" }, "viewer")).toMatchObject({
      snapshot: { cards: [{ host: { id: "fleet" } }] },
    });
    await call("host.save", { spec: spec({ id: "fleet", address: "192.0.2.9" }) });
    const wrong = [{ topic: "host" }, { topic: "fleet", key: "fleet" }, { topic: "x" }, { topic: "host", key: "none" }];
    for (const address of wrong) expect(await refusal(call("topic.watch", address, "viewer"))).toMatch(/^not-found/);
  });

  it("are removed with all that belongs to them", async () => {
    await call("host.save", { spec: spec() });
    await call("host.remove", { host: "kvm1" });
    expect(await store.hosts.list()).toEqual({ specs: [], unread: [] });
    expect(await store.db.selectFrom("host").select("id").execute()).toEqual([]);
    expect(await refusal(call("host.snapshot", { host: "kvm1" }))).toBe("not-found: there is no host kvm1");
    expect(await refusal(call("host.remove", { host: "kvm1" }))).toMatch(/^not-found/);
  });

  it("whose record is damaged are named, and the others are loaded all the same", async () => {
    await call("host.save", { spec: spec() });
    await call("host.save", { spec: spec({ id: "kvm2" }) });
    await stop();
    const spec1 = JSON.stringify({ nonce: Buffer.alloc(12).toString("base64"), sealed: "AAAA" });
    await store.db.updateTable("host").set({ spec: spec1 }).where("id", "=", "kvm1").execute();
    await start();
    expect(collector.fleet.hosts().map((host) => host.info.id)).toEqual(["kvm2"]);
    expect(log.join()).toMatch(/host-not-loaded.*kvm1.*damaged/);
  });

  it("that somebody else wrote into the database are not loaded, nor with another's row, nor is a foreign key believed", async () => {
    await call("host.save", { spec: spec() });
    await stop();
    const [row] = await store.db.selectFrom("host").selectAll().execute();
    if (!row) throw new Error("nothing was saved");
    await store.db
      .insertInto("host")
      .values({ ...row, id: "twin" })
      .execute();
    const plain = JSON.stringify(spec({ id: "plain", address: "203.0.113.9" }));
    await store.db
      .insertInto("host")
      .values({ ...row, id: "plain", spec: plain })
      .execute();
    const line = lineFor("192.0.2.1", 9);
    const foreign = { line, fingerprint: fingerprintOf(keyText(9)), who: "the admin", at: 1, mark: "" };
    await store.db.insertInto("known_key").values(foreign).execute();
    connects.length = 0;
    await start();
    expect(collector.fleet.hosts().map((host) => host.info.id)).toEqual(["kvm1"]);
    expect(log.join()).toMatch(/host-not-loaded.*plain.*not sealed/);
    expect(log.join()).toMatch(/host-not-loaded.*twin.*does not open with this key/);
    expect(log.join()).toMatch(/known-key-foreign/);
    expect(await store.knownKeys.list()).toEqual([]);
    await call("keys.import", { knownHosts: line });
    expect(await store.knownKeys.list()).toMatchObject([{ line, who: "the admin" }]);
  });

  it("that cannot be tested say why", async () => {
    expect(await call("host.test", { spec: spec() })).toEqual({ kind: "failed", reason: "connection refused" });
    expect(await store.hosts.list()).toEqual({ specs: [], unread: [] });
  });

  it("with an unknown key bring the question with them", async () => {
    await stop();
    await start(async () => {
      throw new SshFailure("key-unknown", "unknown", question(1));
    });
    expect(await call("host.test", { spec: spec() })).toEqual({ kind: "key", question: question(1) });
  });
});

describe("host keys", () => {
  it("are put on record by name, and a changed one only in place of the one that is named", async () => {
    await call("host.approveKey", { question: question(1) });
    expect(await store.knownKeys.list()).toMatchObject([
      { line: `192.0.2.1 ssh-ed25519 ${question(1).fingerprint}`, who: "the admin" },
    ]);
    const changed = call("host.approveKey", { question: { ...question(2), known: question(1).fingerprint } });
    expect(await refusal(changed)).toMatch(/^conflict: another key of 192.0.2.1 is on record/);
    expect(await refusal(call("host.approveKey", { question: question(2), replace: question(3).fingerprint }))).toMatch(
      /^conflict/,
    );
    await call("host.approveKey", { question: question(2), replace: question(1).fingerprint });
    expect((await store.knownKeys.list()).map((known) => known.fingerprint)).toEqual([question(2).fingerprint]);
  });

  it("in a line for many hosts are replaced for this host only", async () => {
    await call("keys.import", { knownHosts: lineFor("192.0.2.*,other", 1) });
    await call("host.approveKey", { question: question(2), replace: question(1).fingerprint });
    expect((await store.knownKeys.list()).map((known) => known.line).sort()).toEqual([
      `192.0.2.*,other,!192.0.2.1 ssh-ed25519 ${keyText(1).toString("base64")}`,
      `192.0.2.1 ssh-ed25519 ${question(2).fingerprint}`,
    ]);
  });

  it("that are revoked cannot be approved", async () => {
    await call("keys.import", { knownHosts: `@revoked ${lineFor("192.0.2.1", 1)}` });
    expect(await refusal(call("host.approveKey", { question: question(1) }))).toMatch(/^conflict.*revoked/);
  });

  it("are taken over from a known_hosts file; what does not read is named by its line", async () => {
    const text = ["# ours", lineFor("a", 1), "", "rubbish", lineFor("b", 2), lineFor("a", 1)].join("\n");
    expect(await call("keys.import", { knownHosts: text })).toEqual({
      taken: 3,
      refused: [{ line: 4, reason: expect.stringContaining("expected names") }],
    });
    expect(await store.knownKeys.list()).toHaveLength(2);
  });

  it("for every host at once are refused by line; a domain's and a revoked one are not", async () => {
    const names = ["*", "*,!x", "?*", "*.*", "[*]:22"];
    const good = [lineFor("*.example.org", 1), `@revoked ${lineFor("*", 2)}`];
    const { taken, refused } = await call("keys.import", {
      knownHosts: [...names.map((name) => lineFor(name, 3)), ...good].join("\n"),
    });
    expect(taken).toBe(2);
    expect(refused.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
    expect(refused[0]?.reason).toMatch(/^one key for every host/);
  });

  it("with anything in them that is no key are refused", async () => {
    for (const bad of [{ fingerprint: "SHA256:x" }, { keyType: "x y" }, { address: "a\nb" }, { address: "*" }])
      expect(await refusal(call("host.approveKey", { question: { ...question(1), ...bad } }))).toMatch(/^bad-request/);
    expect(await store.knownKeys.list()).toEqual([]);
  });
});

describe("thresholds", () => {
  const current = async (check: string, name: string) =>
    (await call("settings.list", {}, "viewer")).settings.find((one) => one.check === check && one.name === name)?.value;

  it("are changed by an admin, kept over a restart, and each change is written down with old and new value", async () => {
    const put = await call("settings.put", { check: "nic-flapping", name: "losses", value: 9 });
    expect(put.settings.find((one) => one.name === "losses")?.value).toBe(9);
    await stop();
    await start();
    expect(await current("nic-flapping", "losses")).toBe(9);
    await call("settings.put", { check: "tap-tx-drops", name: "share", value: 0.5 });
    await call("settings.reset", {});
    expect(await current("nic-flapping", "losses")).toBe(4);
    expect((await store.audit.list(10)).map((row) => [row.who, row.what, row.outcome, row.detail])).toEqual([
      [
        "the admin",
        "settings.reset",
        "done",
        "nic-flapping.losses: 9 times -> 4 times (default); tap-tx-drops.share: 0.5 % -> 1 % (default)",
      ],
      ["the admin", "settings.put", "done", "tap-tx-drops.share: 1 % (default) -> 0.5 %"],
      ["the admin", "settings.put", "done", "nic-flapping.losses: 4 times (default) -> 9 times"],
    ]);
  });

  it("that have changed are told to everybody; a change that is refused is not, and names both that contradict each other", async () => {
    const pushes: string[] = [];
    client.onPush(({ push }) => pushes.push(push));
    const told = () => pushes.filter((push) => push === "settings").length;
    expect(await refusal(call("settings.put", { check: "conntrack-full", name: "warn", value: 96 }))).toBe(
      "conflict: conntrack-full.warn (96 %) cannot be above conntrack-full.full (95 %). Change the other one first.",
    );
    await call("settings.put", { check: "nic-flapping", name: "losses", value: 9 });
    await until(() => told() === 1);
    await call("settings.reset", {});
    await until(() => told() === 2);
  });

  it("out of range or unknown are refused by name", async () => {
    const put = (check: string, name: string, value: number) => refusal(call("settings.put", { check, name, value }));
    expect(await put("nic-flapping", "losses", 0)).toBe(
      "bad-request: settings.put: value: nic-flapping.losses: a whole number from 1 to 1000 times was expected, not 0",
    );
    expect(await put("nic-flapping", "loses", 5)).toMatch(
      /^bad-request: settings.put: name: nic-flapping has no threshold "loses"/,
    );
    expect(await put("no-such", "x", 5)).toMatch(/^bad-request: settings.put: name: there is no check "no-such"/);
    expect(await refusal(call("settings.reset", { check: "nic-flapping" } as never))).toMatch(/^bad-request/);
    expect(await refusal(call("settings.reset", { check: "no-such", name: "x" }))).toMatch(/^not-found/);
    expect(await store.settings.under("check.")).toEqual(new Map());
  });

  it("that lie broken in the store do not keep the collector from starting", async () => {
    await store.db.insertInto("setting").values({ name: "check.nic-flapping.losses", value: "{" }).execute();
    await stop();
    await start();
    expect(await current("nic-flapping", "losses")).toBe(4);
    expect(log.join("\n")).toContain('threshold-ignored {"threshold":"nic-flapping.losses"');
  });
});

describe("the demo fleet", () => {
  it("comes over real SSH, survives a restart, and leaves nothing behind", async () => {
    await stop();
    await start(realConnect);
    await call("demo.start", { hosts: 2 });
    await until(() => collector.fleet.hosts().filter((host) => host.readAll).length === 2);
    const [first] = collector.fleet.demoHosts();
    const shown = await call("host.snapshot", { host: first ?? "" }, "viewer");
    expect(shown.host.demo).toBe(true);
    expect(shown.nodes.filter((node) => node.kind === "tap").length).toBeGreaterThan(5);
    expect(await refusal(call("host.save", { spec: spec({ id: first }) }))).toMatch(/^conflict.*demo/);
    // Its hosts are judged by other thresholds at once, without being read again.
    const scarce = async () =>
      (await call("host.snapshot", { host: first ?? "" }, "viewer")).findings.find(
        (f) => f.check === "dhcp-pool-exhausted",
      );
    expect(await scarce()).toBeUndefined();
    await call("settings.put", { check: "dhcp-pool-exhausted", name: "free", value: 100 });
    expect(await scarce()).toMatchObject({ status: "warn", thresholds: { free: 100 } });
    await call("settings.reset", { check: "dhcp-pool-exhausted", name: "free" });
    expect(await scarce()).toBeUndefined();
    await stop();
    await start(realConnect);
    await until(() => collector.fleet.hosts().filter((host) => host.readAll).length === 2);
    await call("demo.stop", {});
    expect(collector.fleet.hosts()).toEqual([]);
    expect(await store.hosts.list()).toEqual({ specs: [], unread: [] });
    expect(await store.knownKeys.list()).toEqual([]);
    await stop();
    await start(realConnect);
    expect(collector.fleet.hosts()).toEqual([]);
  }, 60_000);
});
