import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { BusPush } from "@/lib/wire/bus";
import type { Pulse } from "@/lib/wire/socket";
import { addUser, login } from "@/server/auth/accounts";
import { endAllCredentials } from "@/server/auth/end-all";
import { type Auth, openAuth } from "@/server/auth/engine";
import { cookieName } from "@/server/auth/names";
import { whoIsWith } from "@/server/auth/who";
import { BusClient } from "@/server/bus/client";
import { BusServer } from "@/server/bus/server";
import { makeAuthorise } from "@/server/collector/authorise";
import { openStore } from "@/server/store/store";
import { readConfig } from "./config";
import { makeServer } from "./server";
import { sampleDelta, sampleSnapshot, testKey, testPassword } from "./testing";
import { askingWhoIs } from "./who-is";

/** Web process and a collector's end of the real bus: only the latter has the store, as in production. */
let url: string;
let auth: Auth;
let bus: BusServer;
let client: BusClient;
let path: string;
const token = "t".repeat(32);
const lab = { topic: "host", key: "lab" };
let startBus: (epoch: string) => Promise<BusServer>;
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  const dir = mkdtempSync(join(tmpdir(), "taproot-bus-"));
  path = join(dir, "bus.sock");
  const log = () => undefined;
  const store = await openStore(dir, testKey);
  auth = await openAuth(store);
  const whoIs = (session: string) => whoIsWith(auth, session);
  startBus = async (epoch) => {
    const server = new BusServer({
      path,
      token,
      epoch,
      log,
      whoIs,
      authorise: makeAuthorise(whoIs),
      handlers: {
        "auth.who": async (_none, who) => ({ who }),
        "host.snapshot": async ({ host }) => sampleSnapshot(host, 3, epoch),
        "topic.watch": async ({ key = "" }) => ({ epoch, seq: 3, snapshot: sampleSnapshot(key, 3, epoch) }),
        "demo.start": async () => ({}),
      },
    });
    await server.listen();
    return server;
  };
  bus = await startBus("e1");
  client = new BusClient({ path, token, log });
  const web = makeServer(
    {
      config: readConfig({ TAPROOT_DATA: dir }),
      collector: client,
      log,
      whoIs: askingWhoIs(client),
    },
    async (_request, response) => void response.end(),
    { pulseMs: 100, recheckMs: 100 },
  );
  await new Promise<void>((resolve) => web.http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(web.http.address() as AddressInfo).port}`;
  while (!client.up) await new Promise((resolve) => setTimeout(resolve, 10));
  ends.push(
    () => web.close(),
    () => client.close(),
    () => bus.close(),
    () => store.close(),
    () => rmSync(dir, { recursive: true, force: true }),
  );
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function viewer() {
  const made = { name: "Vic", email: "vic@example.org", password: testPassword, role: "viewer" as const };
  const { id } = await addUser(auth, made);
  return { id, session: await login(auth, made, { address: "192.0.2.1", browser: "" }) };
}

it("lets the collector decide by itself, so that whoever owns the web process is no more than its visitors", async () => {
  const { id, session } = await viewer();
  const headers = { Cookie: `${cookieName}=${session}` };
  expect(await (await fetch(`${url}/api/hosts/lab/snapshot`, { headers })).json()).toMatchObject({ seq: 3 });
  // Past our own router, as a web process that was taken over would ask.
  await expect(client.call("demo.start", { hosts: 1 }, session)).rejects.toMatchObject({ code: "role" });
  await expect(client.call("host.snapshot", { host: "lab" }, "made up")).rejects.toMatchObject({ code: "no-session" });
  await endAllCredentials(auth, id);
  await expect(client.call("host.snapshot", { host: "lab" }, session)).rejects.toMatchObject({ code: "no-session" });
});

it("carries on over a collector that was killed and comes back", async () => {
  const { session } = await viewer();
  const socket = io(url, {
    transports: ["websocket"],
    extraHeaders: { Cookie: `${cookieName}=${session}`, Origin: url },
    forceNew: true,
  });
  ends.unshift(() => socket.disconnect());
  const pulse = (fits: (one: Pulse) => boolean) =>
    new Promise<Pulse>((resolve) => socket.on("pulse", (one: Pulse) => fits(one) && resolve(one)));
  await pulse((one) => one.collector === "up");
  const first = await socket.emitWithAck("watch", lab);
  expect(first).toMatchObject({ kind: "snapshot", snapshot: { epoch: "e1", seq: 3 } });
  const change = new Promise((resolve) => socket.on("change", resolve));
  // A host at which nobody looks: its changes do not cross the bus.
  const crossed: BusPush[] = [];
  client.onPush((push) => crossed.push(push));
  for (const key of ["other", "lab"])
    bus.push({ push: "change", topic: "host", key, epoch: "e1", seq: 4, delta: sampleDelta(4, key) });
  expect(await change).toMatchObject({ ...lab, seq: 4, delta: { host: "lab" } });
  expect(crossed).toMatchObject([lab]);
  const down = pulse((one) => one.collector === "down");
  await bus.close();
  await down;
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ web: "up", collector: "down" });
  const back = pulse((one) => one.marks.some(({ epoch, seq }) => epoch === "e2" && seq === 3));
  bus = await startBus("e2");
  await back;
  const again = await socket.emitWithAck("watch", { ...lab, since: { epoch: "e1", seq: 4 } });
  expect(again).toMatchObject({ kind: "snapshot", snapshot: { epoch: "e2", seq: 3 } });
});
