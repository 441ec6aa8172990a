import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BusMethod, BusParams } from "@/lib/wire/bus";
import type { Role } from "@/lib/wire/rest";
import { openAuth } from "@/server/auth/engine";
import { BusClient } from "@/server/bus/client";
import type { BusProblem } from "@/server/bus/problem";
import { openStore, type Store } from "@/server/store/store";
import { person } from "@/server/web/testing";
import { type Collector, startCollector } from "../collector";
import { makeEngine } from "../engine";

/** The whole collector, over a store that outlives it. Whatever connects fails the test. */
let dir: string;
let store: Store;
let collector: Collector;
let client: BusClient;
const token = "t".repeat(32);
const connects: string[] = [];

async function start(): Promise<void> {
  collector = await startCollector({
    store,
    auth: await openAuth(store),
    bus: { path: join(dir, "bus.sock"), token },
    whoIs: async (session) => (["viewer", "operator", "admin"].includes(session) ? person(session as Role) : null),
    connect: async ({ id }) => {
      connects.push(id);
      throw new Error("something connected");
    },
    makeEngine,
    log: () => undefined,
  });
  client = new BusClient({ path: join(dir, "bus.sock"), token, log: () => undefined });
  await until(() => client.up);
}
async function stop(): Promise<void> {
  client.close();
  await collector.close();
}
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-capture-"));
  store = await openStore(dir, randomBytes(32));
  await start();
});
afterEach(async () => {
  await stop();
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function until(check: () => boolean): Promise<void> {
  await expect.poll(check, { timeout: 15_000, interval: 10 }).toBe(true);
}
const call = <M extends BusMethod>(method: M, params: BusParams<M>, session = "admin") =>
  client.call(method, params, session);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: BusProblem) => `${error.code}: ${error.message}`,
  );

describe("a capture that somebody opens", () => {
  const bytes = (id: string) =>
    Buffer.from(
      JSON.stringify({
        format: "taproot-capture",
        version: 1,
        takenAt: "2026-11-20T08:30:00.000Z",
        host: { id, name: id, address: "192.0.2.9:22", hostname: id, root: "direct" },
        scrubbed: [],
        sweeps: [[]],
      }),
    );
  const file = (id: string) => ({ file: `${id}.json`, content: bytes(id).toString("base64") });
  const cards = async () => (await call("fleet.cards", {})).cards.map(({ host }) => `${host.id} ${host.state}`);

  it("is a host of the fleet, for admins, once; it survives a restart and is removed like any other", async () => {
    expect(await refusal(call("capture.open", file("kvm9"), "operator"))).toMatch(/^role/);
    const { id } = await call("capture.open", file("kvm9"));
    expect(id).toBe("kvm9-20261120-0830");
    expect(await refusal(call("capture.open", file("kvm9")))).toMatch(/^conflict: there is a host kvm9-2026/);
    expect(await refusal(call("capture.open", { ...file("kvm9"), content: "e30=" }))).toMatch(
      /^bad-request: kvm9.json: no capture/,
    );
    await until(() => collector.fleet.host(id)?.info.state === "captured");
    expect(await refusal(call("host.retry", { host: id }))).toMatch(/is a capture of 2026-11-20T08:30/);
    expect(await refusal(call("remedy.plan", { host: id, finding: "x" }))).toMatch(/is a capture of/);
    const ssh = { id, address: "192.0.2.1", user: "root", login: { kind: "agent" as const } };
    expect(await refusal(call("host.save", { spec: ssh }))).toMatch(/is a capture of/);
    await stop();
    await start();
    await until(() => collector.fleet.host(id)?.info.state === "captured");
    expect(await cards()).toEqual([`${id} captured`]);
    await call("host.remove", { host: id });
    expect(await cards()).toEqual([]);
    await stop();
    await start();
    expect(await cards()).toEqual([]);
    const rows = await store.audit.list(50);
    expect(rows.filter(({ what }) => what === "capture.open").map(({ outcome }) => outcome.split(":")[0])).toEqual([
      "refused",
      "refused",
      "done",
    ]);
    expect(connects).toEqual([]);
  });
});
