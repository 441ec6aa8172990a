import { connect } from "node:net";
import { io, type Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { heldBytes } from "@/e2e/memory";
import type { HostSnapshot } from "@/lib/wire/model";
import type { Change, Pulse, Watch } from "@/lib/wire/socket";
import type { FleetChange } from "@/lib/wire/topics/fleet";
import { changeUser } from "@/server/auth/accounts";
import { endAllCredentials } from "@/server/auth/end-all";
import { LiveClient, type LiveSocket } from "./live/client";
import { StepRing } from "./live/ring";
import { type Site, sampleCard, sampleDelta, sampleSnapshot, startSite } from "./testing";

let site: Site;
let viewer: Awaited<ReturnType<Site["person"]>>;
const open: Socket[] = [];
beforeEach(async () => {
  site = await startSite();
  viewer = await site.person("viewer");
  site.collector.answers.set("host.snapshot", () => sampleSnapshot("lab", 5));
  site.collector.answers.set("fleet.cards", () => ({ cards: [sampleCard("lab"), sampleCard("two")], epoch: "e1" }));
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.disconnect();
  await site.close();
});

function browser(headers: Record<string, string>, transports = ["websocket"]): Socket {
  const socket = io(site.url, { transports, extraHeaders: headers, reconnection: false, forceNew: true });
  open.push(socket);
  return socket;
}
async function connected(cookie = viewer.cookie): Promise<Socket> {
  const socket = browser({ Cookie: cookie, Origin: site.url });
  await new Promise<void>((resolve, reject) => {
    socket.on("connect", resolve);
    socket.on("connect_error", reject);
  });
  return socket;
}
const refusal = (socket: Socket) =>
  new Promise<string>((resolve) => {
    socket.on("connect", () => resolve("connected"));
    socket.on("connect_error", (error: Error & { data?: { code?: string } }) =>
      resolve(error.data?.code ?? error.message),
    );
  });
const watch = (socket: Socket, ask: unknown) => socket.timeout(3000).emitWithAck("watch", ask);
const next = <T>(socket: Socket, event: string, fits: (value: T) => boolean = () => true) =>
  new Promise<T>((resolve) => {
    const take = (value: T) => {
      if (!fits(value)) return;
      socket.off(event, take);
      resolve(value);
    };
    socket.on(event, take);
  });
const lab = { topic: "host", key: "lab" };
const two = { topic: "host", key: "two" };
const fleet = { topic: "fleet" };
const deltas = (socket: Socket, host = "lab") => {
  const seen: number[] = [];
  socket.on("change", ({ topic, key, seq }: Change) => topic === "host" && key === host && seen.push(seq));
  return seen;
};
const nextOf = async <T>(socket: Socket, topic: string, fits: (delta: T) => boolean = () => true) =>
  (await next<Change>(socket, "change", (one) => one.topic === topic && fits(one.delta as T))).delta as T;
const pushDelta = (seq: number, epoch = "e1", host = "lab") =>
  site.collector.change("host", sampleDelta(seq, host, epoch));
const markOf = (pulse: Pulse, stream: { topic: string; key?: string }) =>
  pulse.marks.find((one) => one.topic === stream.topic && one.key === stream.key);
const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

describe("opening a socket", () => {
  it("needs a session and our own Origin, on every transport", async () => {
    for (const transports of [["websocket"], ["polling"]]) {
      expect(await refusal(browser({ Origin: site.url }, transports))).toBe("no-session");
      const evil = { Cookie: viewer.cookie, Origin: "http://evil.example" };
      expect(await refusal(browser(evil, transports))).not.toBe("connected");
      const dead = { Cookie: "taproot_session=dead.dead", Origin: site.url };
      expect(await refusal(browser(dead, transports))).toBe("no-session");
      expect(await refusal(browser({ Cookie: viewer.cookie, Origin: site.url }, transports))).toBe("connected");
    }
  });

  it("is offered nowhere but at /socket.io/", async () => {
    const port = Number(new URL(site.url).port);
    const answered = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write("GET /hosts HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
      );
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("close", () => resolve(text));
    });
    expect(answered).toBe("");
  });
});

describe("every event", () => {
  it("is refused after the session was revoked, and the socket closed", async () => {
    const socket = await connected();
    const gone = next<string>(socket, "disconnect");
    await endAllCredentials(site.auth, viewer.id);
    const refused = watch(socket, lab).catch(() => ({ kind: "refused" }));
    expect(await refused).toMatchObject({ kind: "refused" });
    expect(await gone).toBe("io server disconnect");
    expect(site.collector.calls).toEqual([]);
  });

  it("is validated", async () => {
    const socket = await connected();
    const bad: unknown[] = [
      null,
      7,
      {},
      { topic: "" },
      { topic: "host", key: "" },
      { topic: "host", key: "x".repeat(300) },
      { topic: ["host"], key: "lab" },
      { ...lab, since: { epoch: "e", seq: -1 } },
      { topic: "host" },
      { topic: "fleet", key: "lab" },
      { topic: "no-such-topic" },
      { topic: "__proto__", key: "lab" },
    ];
    for (const ask of bad) expect(await watch(socket, ask)).toMatchObject({ kind: "refused" });
    expect(site.collector.calls).toEqual([]);
    socket.emit("watch");
    socket.emit("watch", lab, "not a function");
    socket.emit("__proto__", {});
    socket.emit("unwatch", lab);
    expect(await watch(socket, lab)).toMatchObject({ kind: "snapshot" });
  });

  it("may not come too often", async () => {
    const socket = await connected();
    const all = await Promise.all(Array.from({ length: 40 }, () => watch(socket, lab)));
    expect(all.filter((one) => one.kind === "refused").length).toBeGreaterThan(10);
    expect(site.collector.calls.length).toBeLessThan(30);
  });
});

describe("thresholds that change", () => {
  it("are told to every browser, whatever it looks at; so is a new line to the collector, for they may have changed behind it", async () => {
    const [one, two] = [await connected(), await connected()];
    for (const push of [{ push: "settings" }, { push: "hello", epoch: "e2" }] as const) {
      const told = [one, two].map((socket) => next<object>(socket, "settings"));
      site.collector.push(push);
      expect(await Promise.all(told)).toEqual([{}, {}]);
    }
  });
});

describe("a session that ends", () => {
  const cases: [string, () => Promise<unknown>][] = [
    ["by logout", () => site.call("/api/auth/logout", { method: "POST", cookie: viewer.cookie })],
    ["in another process", () => endAllCredentials(site.auth, viewer.id)],
    ["with its account disabled", () => changeUser(site.auth, viewer.id, { disabled: true })],
    [
      "by its time",
      () =>
        site.store.db
          .withTables<{ session: { expiresAt: string } }>()
          .updateTable("session")
          .set({ expiresAt: new Date(Date.now() - 1).toISOString() })
          .execute(),
    ],
  ];
  it.each(cases)("%s takes its sockets with it, without a word from the browser", async (_name, end) => {
    const socket = await connected();
    const other = await connected((await site.person("operator")).cookie);
    const gone = next<string>(socket, "disconnect");
    await end();
    expect(await gone).toBe("io server disconnect");
    if (_name !== "by its time") expect(other.connected).toBe(true);
  });
});

describe("watching a host", () => {
  it("begins with a snapshot, asked for with the person's own credential, and goes on with deltas", async () => {
    const socket = await connected();
    const seen = deltas(socket);
    expect(await watch(socket, lab)).toMatchObject({ kind: "snapshot", snapshot: { seq: 5 } });
    expect(site.collector.calls).toEqual([
      { method: "topic.watch", params: { ...lab, bare: false }, credential: viewer.credential },
    ]);
    pushDelta(6);
    pushDelta(7);
    pushDelta(1, "e1", "two");
    await settle();
    expect(seen).toEqual([6, 7]);
    await socket.timeout(3000).emitWithAck("unwatch", lab);
    pushDelta(8);
    await settle();
    expect(seen).toEqual([6, 7]);
  });

  it("goes on beside other hosts, each with its own numbers", async () => {
    const socket = await connected();
    const [seenLab, seenTwo] = [deltas(socket), deltas(socket, "two")];
    site.collector.answers.set("host.snapshot", (params) => sampleSnapshot((params as { host: string }).host, 5));
    await watch(socket, lab);
    await watch(socket, two);
    pushDelta(6);
    pushDelta(6, "e1", "two");
    pushDelta(7, "e1", "two");
    const pulse = await next<Pulse>(socket, "pulse", (one) => markOf(one, two)?.seq === 7);
    expect(markOf(pulse, lab)).toMatchObject({ epoch: "e1", seq: 6 });
    expect([seenLab, seenTwo]).toEqual([[6], [6, 7]]);
    await socket.timeout(3000).emitWithAck("unwatch", lab);
    pushDelta(7);
    pushDelta(8, "e1", "two");
    await settle();
    expect([seenLab, seenTwo]).toEqual([[6], [6, 7, 8]]);
  });

  it("sends deltas that come while the snapshot is on its way after it, and none twice", async () => {
    const socket = await connected();
    const order: string[] = [];
    socket.on("change", ({ seq }: Change) => order.push(`delta ${seq}`));
    let release: (snapshot: HostSnapshot) => void = () => undefined;
    site.collector.answers.set(
      "host.snapshot",
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const reply = watch(socket, lab).then((answer) => order.push(`snapshot ${answer.seq}`));
    while (site.collector.calls.length === 0) await settle();
    for (const seq of [4, 5, 6, 7]) pushDelta(seq);
    release(sampleSnapshot("lab", 5));
    await reply;
    await settle();
    expect(order).toEqual(["snapshot 5", "delta 6", "delta 7"]);
  });

  it("catches up by number: with the deltas where they are kept, with a snapshot where not", async () => {
    const first = await connected();
    await watch(first, lab);
    for (let seq = 6; seq <= 9; seq++) pushDelta(seq);
    const late = await connected();
    const ask = (since: Watch["since"]) => watch(late, { ...lab, since });
    const missed = await ask({ epoch: "e1", seq: 7 });
    expect(missed.kind).toBe("deltas");
    expect(missed.deltas.map(({ seq }: Change) => seq)).toEqual([8, 9]);
    expect(await ask({ epoch: "e1", seq: 9 })).toEqual({ kind: "deltas", deltas: [] });
    for (const since of [
      { epoch: "e1", seq: 3 },
      { epoch: "e0", seq: 8 },
      { epoch: "e1", seq: 999 },
    ])
      expect((await ask(since)).kind, JSON.stringify(since)).toBe("snapshot");
  });

  it("shows the newest number in each pulse, so that a gap is seen though nothing follows", async () => {
    const socket = await connected();
    await watch(socket, lab);
    pushDelta(6);
    const pulse = await next<Pulse>(socket, "pulse", (one) => markOf(one, lab)?.seq === 6);
    expect(pulse).toMatchObject({ marks: [{ ...lab, epoch: "e1" }], collector: "up" });
  });

  it("says why where there is none", async () => {
    const socket = await connected();
    site.collector.setUp(false);
    expect(await watch(socket, lab)).toEqual({
      kind: "refused",
      reason: "The collector does not answer.",
    });
  });
});

describe("the collector", () => {
  it("going down is told at once; coming back as a new one ends in a new snapshot", async () => {
    const socket = await connected();
    await watch(socket, lab);
    const down = next<Pulse>(socket, "pulse", (one) => one.collector === "down");
    site.collector.setUp(false);
    await down;
    site.collector.answers.set("host.snapshot", () => sampleSnapshot("lab", 2, "e2"));
    const back = next<Pulse>(socket, "pulse", (one) => markOf(one, lab)?.epoch === "e2" && markOf(one, lab)?.seq === 2);
    site.collector.setUp(true);
    site.collector.push({ push: "hello", epoch: "e2" });
    expect(await back).toMatchObject({ collector: "up" });
    const reply = await watch(socket, { ...lab, since: { epoch: "e1", seq: 5 } });
    expect(reply).toMatchObject({ kind: "snapshot", snapshot: { epoch: "e2", seq: 2 } });
  });

  it("coming back as the same one, with changes that nobody here saw, shows as a gap", async () => {
    const socket = await connected();
    await watch(socket, lab);
    site.collector.setUp(false);
    site.collector.answers.set("host.snapshot", () => sampleSnapshot("lab", 8));
    const gap = next<Pulse>(socket, "pulse", (one) => markOf(one, lab)?.seq === 8);
    site.collector.setUp(true);
    site.collector.push({ push: "hello", epoch: "e1" });
    await gap;
    const reply = await watch(socket, { ...lab, since: { epoch: "e1", seq: 5 } });
    expect(reply).toMatchObject({ kind: "snapshot", snapshot: { seq: 8 } });
  });
});

describe("the fleet", () => {
  it("is sent whole, then by change, and seen to be another after the collector was away", async () => {
    const socket = await connected();
    expect(await watch(socket, fleet)).toMatchObject({ kind: "snapshot", snapshot: { cards: [{}, {}] } });
    const change = nextOf<FleetChange>(socket, "fleet");
    site.collector.change("fleet", { put: [sampleCard("three")], drop: ["two"] });
    expect(await change).toMatchObject({ put: [{ host: { id: "three" } }], drop: ["two"] });
    site.collector.answers.set("fleet.cards", () => ({ cards: [sampleCard("four")], epoch: "e2" }));
    const gap = next<Pulse>(socket, "pulse", (one) => markOf(one, fleet)?.epoch === "e2");
    site.collector.push({ push: "hello", epoch: "e2" });
    await gap;
    const whole = await watch(socket, { ...fleet, since: { epoch: "e1", seq: 1 } });
    expect(whole).toMatchObject({ kind: "snapshot", epoch: "e2", snapshot: { cards: [{ host: { id: "four" } }] } });
    await socket.timeout(3000).emitWithAck("unwatch", fleet);
    socket.on("change", () => expect.fail("it no longer watches the fleet"));
    site.collector.change("fleet", { put: [], drop: ["four"] });
    await settle();
  });
});

describe("a slow browser", () => {
  it("costs no more than a bounded queue, and sees its gap when it reads again", async () => {
    const socket = await connected();
    await watch(socket, lab);
    await watch(socket, fleet);
    const seen = deltas(socket);
    const raw = rawSocketOf(socket);
    raw.pause();
    const info = { ...sampleSnapshot().host, reason: "x".repeat(100_000) };
    const before = await heldBytes();
    for (let seq = 6; seq <= 2005; seq++) {
      site.collector.change("host", { ...sampleDelta(seq), info });
      if (seq % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    site.collector.change("fleet", { put: [sampleCard("lab")], drop: ["two"] });
    const grown = (await heldBytes()) - before;
    // 2,000 deltas of 100 KB would be 200 MB; the ring holds 256 that share one text.
    expect(grown).toBeLessThan(100_000_000);
    const gap = next<Pulse>(socket, "pulse", (one) => markOf(one, lab)?.seq === 2005);
    const fleetGap = next<Pulse>(socket, "pulse", (one) => markOf(one, fleet)?.seq === 1);
    raw.resume();
    await gap;
    await fleetGap;
    const missed = await watch(socket, { ...fleet, since: { epoch: "e1", seq: 0 } });
    expect(missed).toMatchObject({ kind: "deltas", deltas: [{ delta: { drop: ["two"] } }] });
    expect(seen.length).toBeLessThan(1000);
    const last = seen.at(-1) ?? 5;
    expect(seen).toEqual(Array.from({ length: last - 5 }, (_, at) => at + 6));
  });
});

describe("a browser that watches all it can name", () => {
  it("is told that it is too much, and keeps what it has", () => {
    const client = new LiveClient({ conn: { on: () => undefined } } as unknown as LiveSocket, () => undefined);
    const keys = Array.from({ length: 200 }, (_, at) => `h${at}`);
    const taken = keys.filter((key) => client.lookAt({ topic: "host", key }) !== undefined);
    expect([taken.length, client.watched.size]).toEqual([100, 100]);
    expect(client.lookAt({ topic: "host", key: "h7" })).toBeDefined();
    client.lookAway({ topic: "host", key: "h7" });
    expect(client.lookAt({ topic: "host", key: "h199" })).toBeDefined();
  });
});

/** The TCP socket below a client's WebSocket, to stop reading from it. */
function rawSocketOf(socket: Socket): { pause(): void; resume(): void } {
  const engine: unknown = socket.io.engine.transport;
  if (typeof engine === "object" && engine !== null && "ws" in engine) {
    const { ws } = engine;
    if (typeof ws === "object" && ws !== null && "_socket" in ws)
      return ws._socket as { pause(): void; resume(): void };
  }
  throw new Error("this is not Node's WebSocket");
}

describe("the ring", () => {
  it("never hands out a gap", () => {
    const stepOf = (seq: number, epoch = "e1") => ({ epoch, seq, delta: {} });
    const ring = new StepRing(3);
    expect(ring.since({ epoch: "e1", seq: 1 })).toBeNull();
    for (const seq of [1, 2, 3, 4, 5]) ring.push(stepOf(seq));
    expect(ring.since({ epoch: "e1", seq: 1 })).toBeNull();
    expect(ring.since({ epoch: "e1", seq: 2 })?.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    ring.push(stepOf(5));
    ring.push(stepOf(8));
    expect(ring.since({ epoch: "e1", seq: 5 })).toBeNull();
    expect(ring.since({ epoch: "e1", seq: 7 })?.map(({ seq }) => seq)).toEqual([8]);
    ring.saw({ epoch: "e1", seq: 11 });
    expect(ring.since({ epoch: "e1", seq: 8 })).toBeNull();
    expect(ring.since({ epoch: "e1", seq: 11 })).toEqual([]);
    ring.push(stepOf(1, "e2"));
    expect(ring.since({ epoch: "e1", seq: 11 })).toBeNull();
    expect(ring.newest).toEqual({ epoch: "e2", seq: 1 });
  });
});
