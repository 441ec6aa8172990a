/** The whole collector against a real sshd: live graph, a link that goes down, sshd that stops, a host that hangs, a key that changes. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BusPush } from "@/lib/wire/bus";
import { HostDelta, type HostInfo } from "@/lib/wire/model";
import { openAuth } from "@/server/auth/engine";
import { BusClient } from "@/server/bus/client";
import { type Collector, startCollector } from "@/server/collector/collector";
import { makeEngine } from "@/server/collector/engine";
import { connect } from "@/server/collector/ssh/connect";
import { openStore, type Store } from "@/server/store/store";
import { person } from "@/server/web/testing";
import { makeHost, type NetnsHost } from "./host";
import { specOf } from "./support";

let host: NetnsHost;
let dir: string;
let store: Store;
const token = "t".repeat(32);
let collector: Collector;
let client: BusClient;
const deltas: { delta: HostDelta; at: number }[] = [];
const log: string[] = [];

beforeAll(async () => {
  host = await makeHost({ name: "watch" });
  dir = mkdtempSync(join(tmpdir(), "taproot-netns-"));
  store = await openStore(dir, randomBytes(32));
  collector = await startCollector({
    store,
    auth: await openAuth(store),
    bus: { path: join(dir, "bus.sock"), token },
    whoIs: async () => ({ ...person("admin"), name: "test" }),
    connect,
    makeEngine,
    log: (event, more) => log.push(`${event} ${JSON.stringify(more)}`),
  });
  client = new BusClient({ path: join(dir, "bus.sock"), token, log: (line) => log.push(line) });
  client.onPush((push: BusPush) => {
    if (push.push === "change" && push.topic === "host")
      deltas.push({ delta: HostDelta.parse(push.delta), at: performance.now() });
  });
  await until(() => client.up, 5_000, "bus");
});
afterAll(async () => {
  await host?.freeze("continue");
  client?.close();
  await collector?.close();
  await store?.close();
  await host?.dispose();
  rmSync(dir, { recursive: true, force: true });
});

async function until(check: () => boolean, ms: number, what: string): Promise<number> {
  const begun = performance.now();
  while (!check()) {
    if (performance.now() - begun > ms)
      throw new Error(`${what}: not within ${ms} ms; log:\n${log.slice(-8).join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - begun;
}
const info = (): HostInfo | undefined => collector.fleet.host("watch")?.info;
const connected = () => info()?.state === "live" || info()?.state === "degraded";
const node = (id: string) => collector.fleet.host("watch")?.engine.graph.node(id);

it("an unknown key is a question, the approved key lets us in, and the graph is there", async () => {
  await client.call("host.save", { spec: specOf(host) }, "s");
  // Changes cross the bus for those hosts that somebody watches.
  await client.call("topic.watch", { topic: "host", key: "watch" }, "s");
  await until(() => info()?.state === "refused", 20_000, "refused");
  const tested = await client.call("host.test", { spec: specOf(host) }, "s");
  if (tested.kind !== "key") throw new Error(JSON.stringify(tested));
  expect(tested.question.fingerprint).toBe(host.ssh.fingerprint);
  await client.call("host.approveKey", { question: tested.question }, "s");
  await until(connected, 20_000, "connected");
  const found = await client.call("host.test", { spec: specOf(host) }, "s");
  expect(found).toMatchObject({ kind: "found", root: true });
  const snapshot = await client.call("host.snapshot", { host: "watch" }, "s");
  expect(snapshot.nodes.map((one) => one.id)).toEqual(expect.arrayContaining(["watch/bridge/br0"]));
  expect(snapshot.nodes.some((one) => one.name === "uplink0")).toBe(true);
});

it("a link that goes down is in a delta within a moment", async () => {
  await until(() => collector.fleet.host("watch")?.readAll === true, 60_000, "all read");
  const times: number[] = [];
  const uplink = [...(collector.fleet.host("watch")?.engine.graph.nodes.values() ?? [])].find(
    (one) => one.name === "uplink0",
  );
  if (!uplink) throw new Error("uplink0 is not in the graph");
  for (let round = 0; round < 20; round++) {
    const up = round % 2 === 1;
    deltas.length = 0;
    await host.must(["ip", "link", "set", "dev", "uplink0", up ? "up" : "down"]);
    const done = performance.now();
    const seen = () =>
      deltas.find(({ delta }) =>
        delta.nodes?.put.some(
          (one) => one.id === uplink.id && (one.attributes.flags as string[]).includes("UP") === up,
        ),
      );
    await until(() => seen() !== undefined, 5_000, `delta of round ${round}`);
    times.push((seen()?.at ?? 0) - done);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  times.sort((a, b) => a - b);
  console.log(
    `link change -> delta at the bus client, ms after \`ip\` ended: p50 ${times[10]?.toFixed(1)}, worst ${times.at(-1)?.toFixed(1)}`,
  );
  expect(times).toHaveLength(20);
});

it("a TAP that is taken off its bridge, one that is new, one that is gone: each is seen", async () => {
  await host.must(["ip", "link", "set", "dev", "tap0", "nomaster"]);
  const enslaved = () => {
    const read = collector.fleet.host("watch")?.engine.facts["ip-link"];
    return read?.ok ? read.value.find((link) => link.ifname === "tap0")?.master : "not read";
  };
  await until(() => enslaved() === undefined, 3_000, "nomaster");
  await host.must(["ip", "link", "set", "dev", "tap0", "master", "br0"]);
  await until(() => enslaved() === "br0", 3_000, "master");
  await host.must(["ip", "tuntap", "add", "dev", "$(id)", "mode", "tap"]);
  await until(
    () => [...(collector.fleet.host("watch")?.engine.graph.nodes.values() ?? [])].some((one) => one.name === "$(id)"),
    5_000,
    "new TAP",
  );
  await host.must(["ip", "link", "del", "dev", "$(id)"]);
  await until(
    () => ![...(collector.fleet.host("watch")?.engine.graph.nodes.values() ?? [])].some((one) => one.name === "$(id)"),
    5_000,
    "gone TAP",
  );
});

it("sshd that stops: unreachable, with its reason; back: live again by itself", async () => {
  await host.stopSshd();
  await until(() => info()?.state === "unreachable", 30_000, "unreachable");
  expect(info()?.reason).not.toBe("");
  expect(node("watch/bridge/br0")).toBeDefined();
  expect(collector.fleet.host("watch")?.engine.card().worst).toBe("stale");
  await host.startSshd();
  await until(connected, 90_000, "live again");
}, 150_000);

it("a host that hangs: stale within 20 s, live again when it wakes", async () => {
  await host.freeze("stop");
  const took = await until(() => info()?.state === "stale" || info()?.state === "unreachable", 40_000, "stale");
  console.log(`hung host is said to be so after ${(took / 1000).toFixed(1)} s`);
  expect(took).toBeLessThan(20_000);
  await host.freeze("continue");
  await until(connected, 120_000, "live again");
}, 200_000);

it("a changed key: refused, loud, and not tried again by itself", async () => {
  await host.rekey();
  await until(() => info()?.state === "refused", 90_000, "refused");
  expect(collector.fleet.host("watch")?.question?.known).toMatch(/^SHA256:/);
  const attempts = () => log.filter((line) => line.startsWith("connection-failed")).length;
  const before = attempts();
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(attempts()).toBe(before);
  const question = collector.fleet.host("watch")?.question;
  if (!question) throw new Error("no question");
  await expect(client.call("host.approveKey", { question }, "s")).rejects.toThrow("must be named to be replaced");
  await client.call("host.approveKey", { question, replace: question.known }, "s");
  await until(connected, 30_000, "live with the new key");
}, 150_000);
