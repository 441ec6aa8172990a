// Long: one bus with its two ends, set up in the same way for all of it.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { heldBytes } from "@/e2e/memory";
import type { BusPush } from "@/lib/wire/bus";
import { BusClient, type BusClientOptions } from "./client";
import { LineSplitter } from "./lines";
import { busPath } from "./path";
import { BusProblem } from "./problem";
import { BusServer, type BusServerOptions } from "./server";

let dir: string;
let path: string;
let log: string[];
const ends: (() => unknown)[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "taproot-bus-"));
  path = join(dir, "bus.sock");
  log = [];
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(dir, { recursive: true, force: true });
});

const token = "t".repeat(32);
const ann = { id: "1", name: "ann", email: "ann@example.org", by: "session" as const, session: "s", expiresAt: null };
const info = { id: "h", name: "h", address: "a", state: "live" as const, since: 1, seenAt: 1, demo: false };
const snapshot = {
  host: info,
  seq: 1,
  epoch: "e",
  at: 1,
  nodes: [],
  edges: [],
  findings: [],
  problems: [],
  passed: [],
  probes: [],
};

async function serve(options: Partial<BusServerOptions> = {}): Promise<BusServer> {
  const server = new BusServer({
    path,
    token,
    epoch: "e",
    log: (line) => log.push(line),
    whoIs: async () => null,
    authorise: async (session, needs) => {
      if (session !== "good") throw new BusProblem("no-session", "log in");
      if (needs === "admin") throw new BusProblem("role", "needs the role admin");
      return { ...ann, role: "operator" as const };
    },
    handlers: {
      "host.snapshot": async ({ host }) => {
        if (host === "slow") await new Promise((resolve) => setTimeout(resolve, 500));
        if (host === "bug") throw new Error("a bug with a password in it");
        if (host === "none") throw new BusProblem("not-found", "no host none");
        return snapshot;
      },
      "host.save": async () => ({}),
      "topic.watch": async ({ key }) => {
        if (key === "none") throw new BusProblem("not-found", "no host none");
        return { epoch: "e", seq: 0, snapshot: {} };
      },
    },
    ...options,
  });
  await server.listen();
  ends.push(() => server.close());
  return server;
}

function dial(options: Partial<BusClientOptions> = {}): BusClient {
  const client = new BusClient({ path, token, log: (line) => log.push(line), ...options });
  ends.push(() => client.close());
  return client;
}

const up = (client: BusClient, want = true) => until(() => client.up === want);

async function until(check: () => boolean, ms = 5_000): Promise<void> {
  const end = Date.now() + ms;
  while (!check()) {
    if (Date.now() > end) throw new Error("did not come true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "answered",
    (e: unknown) => (e as BusProblem).code,
  );

describe("requests", () => {
  it("are answered, refused by role and session, and checked on both ends", async () => {
    await serve();
    const client = dial();
    await up(client);
    expect(await client.call("host.snapshot", { host: "h" }, "good")).toEqual(snapshot);
    expect(await code(client.call("host.snapshot", { host: "h" }, "bad"))).toBe("no-session");
    expect(await code(client.call("host.save", {} as never, "good"))).toBe("role");
    expect(await code(client.call("host.snapshot", { host: 5 } as never, "good"))).toBe("bad-request");
    expect(await code(client.call("host.snapshot", { host: "none" }, "good"))).toBe("not-found");
    expect(await code(client.call("remedy.undo", { run: "r" }, "good"))).toBe("unknown-method");
    expect(await code(client.call("constructor" as "fleet.cards", {}, "good"))).toBe("unknown-method");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("that fail inside tell the caller nothing and the log everything", async () => {
    await serve();
    const client = dial();
    await up(client);
    const problem = await client.call("host.snapshot", { host: "bug" }, "good").catch((e: unknown) => e);
    expect(problem).toMatchObject({ code: "internal" });
    expect(String(problem)).not.toContain("password");
    expect(log.join()).toContain("a bug with a password in it");
  });

  it("that are refused stand in the log by name and reason, each kind in bounded numbers", async () => {
    await serve();
    const client = dial();
    await up(client);
    const refused = (method: "host.snapshot" | "host.retry", session: string) =>
      client.call(method, { host: "h" }, session).catch(() => undefined);
    await Promise.all(Array.from({ length: 30 }, () => refused("host.snapshot", "a session that nobody issued")));
    await refused("host.retry", "bad");
    const lines = log.filter((line) => line.includes("refused"));
    expect(lines.filter((line) => line.includes("refused host.snapshot: no-session"))).toHaveLength(10);
    expect(lines.at(-1)).toContain("refused host.retry: no-session");
    expect(lines.join()).not.toContain("nobody issued");
  });

  it("that the collector would take for none are not sent, so that no visitor has the line cut for all", async () => {
    await serve();
    const client = dial();
    await up(client);
    for (let at = 0; at < 25; at++)
      expect(await code(client.call("host.snapshot", { host: "h" }, "x".repeat(5_000)))).toBe("no-session");
    const large = client.call("keys.import", { knownHosts: "\u0001".repeat(2_000_000) }, "good");
    expect(await code(large)).toBe("bad-request");
    expect(client.up).toBe(true);
    expect(log).toEqual([]);
  });

  it("end in time, and a late answer does no harm", async () => {
    await serve();
    const client = dial();
    await up(client);
    expect(await code(client.call("host.snapshot", { host: "slow" }, "good", 100))).toBe("timeout");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await client.call("host.snapshot", { host: "h" }, "good")).toEqual(snapshot);
  });

  it("fail at once while the collector is down, and work again when it is back", async () => {
    const client = dial({ random: () => 0 });
    expect(await code(client.call("host.snapshot", { host: "h" }, "good"))).toBe("collector-down");
    const server = await serve();
    await up(client);
    const pending = code(client.call("host.snapshot", { host: "slow" }, "good"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close();
    expect(await pending).toBe("collector-down");
    await up(client, false);
    await serve();
    await up(client);
    expect(await client.call("host.snapshot", { host: "h" }, "good")).toEqual(snapshot);
  });

  it("find a socket left over by a killed collector replaced, a living one respected", async () => {
    const dead: Server = createServer();
    await new Promise<void>((resolve) => dead.listen(path, resolve));
    await expect(serve()).rejects.toThrow("another collector answers");
    await new Promise<void>((resolve) => dead.close(() => resolve()));
    const { writeFileSync } = await import("node:fs");
    writeFileSync(path, "");
    await serve();
    await up(dial());
  });
});

describe("a peer", () => {
  const heard = async (first: string | undefined) => {
    const socket = connect(path);
    ends.push(() => socket.destroy());
    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
    });
    socket.on("error", () => undefined);
    if (first !== undefined) socket.write(first);
    await new Promise((resolve) => socket.once("close", resolve));
    return text;
  };

  it("that does not show the token first is cut off, and is told nothing", async () => {
    const server = await serve();
    const request = '{"id":7,"method":"host.snapshot","actor":{"session":"good"},"params":{"host":"h"}}\n';
    for (const first of [
      request,
      `{"token":"${"u".repeat(32)}"}\n${request}`,
      '{"token":7}\n',
      "GET / HTTP/1.1\r\n\r\n",
    ]) {
      expect(await heard(first), first).toBe("");
      server.push({ push: "settings" });
    }
    expect(log.filter((line) => line.includes("does not know the token"))).toHaveLength(4);
    expect(log.join()).not.toContain("uuuu");
    expect(server.readers).toBe(0);
  });

  it("that says nothing is cut off, and gets no push meanwhile", { timeout: 15_000 }, async () => {
    const server = await serve();
    const silent = heard(undefined);
    server.push({ push: "settings" });
    expect(await silent).toBe("");
    expect(log.join()).toContain("it said nothing");
  });

  it("of another group cannot open the socket, where the web process has one of its own", async () => {
    await serve({ group: process.getgid?.() ?? 0 });
    expect(statSync(path).mode & 0o777).toBe(0o660);
  });
});

describe("bad input", () => {
  const raw = async (): Promise<{ socket: Socket; read: () => string }> => {
    const socket = connect(path, () => socket.write(`${JSON.stringify({ token })}\n`));
    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
    });
    socket.on("error", () => undefined);
    ends.push(() => socket.destroy());
    await until(() => text.includes("hello"));
    return { socket, read: () => text };
  };

  it("is answered, logged without its content, and does not end the line at once", async () => {
    await serve();
    const { socket, read } = await raw();
    socket.write(
      'garbage with hunter2\n{"id":1}\n[]\nnull\n{"id":7,"method":"host.snapshot","actor":{"session":"good"},"params":{"host":"h"}}\n',
    );
    await until(() => read().includes('"id":7,"ok":true'));
    socket.write('{"id":8,"method":"constructor","actor":{"session":"good"},"params":{}}\n');
    await until(() => read().includes('"id":8,"ok":false,"code":"unknown-method"'));
    expect(log.filter((l) => l.includes("not a request"))).toHaveLength(4);
    expect(log.join()).not.toContain("hunter2");
  });

  it("without end closes the line", async () => {
    await serve();
    const { socket } = await raw();
    socket.write("x\n".repeat(30));
    await until(() => socket.destroyed);
  });

  it("longer than allowed closes the line before it fills the memory", async () => {
    await serve({ maxRequest: 10_000 });
    const { socket } = await raw();
    for (let i = 0; i < 50; i++) socket.write("y".repeat(1000));
    await until(() => socket.destroyed);
    expect(log.join()).toContain("longer than 10000 characters");
  });

  it("from the collector is logged, and the line goes on", async () => {
    const fake = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write(
        '{"push":"hello","epoch":"e"}\nrubbish\n{"push":"change","topic":5}\n{"id":1}\n{"id":99,"ok":true,"result":{}}\n',
      );
      socket.on("data", () => socket.write('{"id":1,"ok":true,"result":{"seq":"no"}}\n'));
      ends.push(() => socket.destroy());
    });
    await new Promise<void>((resolve) => fake.listen(path, resolve));
    ends.push(() => new Promise<void>((resolve) => fake.close(() => resolve())));
    const client = dial();
    await up(client);
    await until(() => log.length >= 3);
    expect(log.join("\n")).toMatch(/not JSON[\s\S]*push that does not fit[\s\S]*reply that does not fit/);
    expect(await code(client.call("host.snapshot", { host: "h" }, "good"))).toBe("internal");
  });
});

describe("pushes", () => {
  const change = (topic: string, delta: unknown, key?: string): BusPush => ({
    push: "change",
    topic,
    ...(key === undefined ? {} : { key }),
    epoch: "e",
    seq: 1,
    delta,
  });
  const fleet = (id: string) => change("fleet", { put: [], drop: [id] });
  const delta = (host: string) => change("host", { host, epoch: "e", seq: 1, at: 1 }, host);
  const idOf = (push: BusPush) => (push.push === "change" ? (push.delta as { drop: string[] }).drop[0] : push.push);
  /** As the hub does: who is watched through a line is known by who asked for its state. */
  const watching = '{"id":1,"method":"topic.watch","actor":{"session":"good"},"params":{"topic":"fleet"}}\n';

  it("of a stream reach those through whom somebody watches it who may, from his asking to the leaving", async () => {
    const server = await serve();
    const seen: BusPush[] = [];
    const client = dial();
    client.onPush((push) => seen.push(push));
    await up(client);
    const watch = (key: string, session = "good") => code(client.call("topic.watch", { topic: "host", key }, session));
    server.push(delta("a"));
    expect(await watch("a", "made up")).toBe("no-session");
    expect(await watch("none")).toBe("not-found");
    for (const host of ["a", "none"]) server.push(delta(host));
    expect(await watch("a")).toBe("answered");
    for (const host of ["a", "b"]) server.push(delta(host));
    await client.call("topic.leave", { topic: "host", key: "a" }, "");
    server.push(delta("a"));
    server.push({ push: "settings" });
    await until(() => seen.some(({ push }) => push === "settings"));
    expect(seen.map((push) => (push.push === "change" ? push.key : push.push))).toEqual(["hello", "a", "settings"]);
  });

  it("reach every reader in order, after the hello", async () => {
    const server = await serve();
    const seen: BusPush[][] = [[], []];
    const clients = seen.map((list) => {
      const client = dial();
      client.onPush((push) => list.push(push));
      return client;
    });
    for (const client of clients) await up(client);
    for (const client of clients) await client.call("topic.watch", { topic: "fleet" }, "good");
    for (let i = 0; i < 100; i++) server.push(fleet(String(i)));
    await until(() => seen.every((list) => list.length === 101));
    for (const list of seen)
      expect(list.map(idOf)).toEqual(["hello", ...Array.from({ length: 100 }, (_, i) => String(i))]);
  });

  it("that do not fit their schema are not sent", async () => {
    const server = await serve();
    const client = dial();
    await up(client);
    const seen: BusPush[] = [];
    client.onPush((push) => seen.push(push));
    await client.call("topic.watch", { topic: "fleet" }, "good");
    await client.call("topic.watch", { topic: "no-such-topic" }, "good");
    server.push(change("fleet", { put: [{}], drop: [] }));
    server.push(change("no-such-topic", {}));
    server.push(fleet("fits"));
    await until(() => seen.length > 0);
    expect(seen.map(idOf)).toEqual(["fits"]);
    expect(log.join()).toMatch(/does not fit: change of fleet: put.*does not fit: .*no-such-topic: there is no such/);
  });

  it("are dropped for a reader that does not read, which is told to start over once it does", async () => {
    const server = await serve({ maxBacklog: 100_000 });
    const slow = connect(path, () => slow.write(`${JSON.stringify({ token })}\n`));
    ends.push(() => slow.destroy());
    let text = "";
    await new Promise<void>((resolve) => slow.once("data", () => resolve()));
    slow.write(watching);
    await new Promise<void>((resolve) => slow.once("data", () => resolve()));
    slow.pause();
    const before = await heldBytes();
    const big = "z".repeat(10_000);
    for (let i = 0; i < 20_000; i++) {
      server.push(fleet(big));
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(log.join()).toContain("reads too slowly");
    // 200 MB were pushed; what is held is the kernel's buffer and the backlog.
    expect((await heldBytes()) - before).toBeLessThan(20e6);
    slow.on("data", (chunk) => {
      text += String(chunk);
    });
    slow.resume();
    await until(() => text.trimEnd().endsWith('{"push":"hello","epoch":"e"}'));
    text = "";
    server.push(fleet("after"));
    await until(() => text.includes("after"));
  });

  it("do not wait for ever: who never reads is cut off", async () => {
    const server = await serve({ maxBacklog: 10_000, maxLagMs: 100 });
    const slow = connect(path, () => slow.write(`${JSON.stringify({ token })}\n`));
    ends.push(() => slow.destroy());
    await until(() => server.readers === 1);
    slow.write(watching);
    await new Promise<void>((resolve) => slow.on("data", (chunk) => String(chunk).includes('"id":1') && resolve()));
    slow.pause();
    for (let i = 0; i < 200; i++) server.push(fleet("z".repeat(10_000)));
    await until(() => server.readers === 0);
  });
});

describe("lines", () => {
  it("come out whole however the stream is cut, inside a character too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }).map((s) => s.replaceAll("\n", " "))),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          const splitter = new LineSplitter(100_000);
          const out: string[] = [];
          for (let at = 0; at < bytes.length; ) {
            const size = cuts.next().value;
            out.push(...splitter.push(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(out).toEqual(lines);
        },
      ),
    );
  });
});

describe("the path of the socket", () => {
  it("lies in the data folder, or in a short folder of this user where that is too long", () => {
    expect(busPath(dir)).toBe(join(dir, "bus.sock"));
    const long = join(dir, "d".repeat(120));
    const short = busPath(long, dir);
    expect(short.length).toBeLessThan(104);
    expect(busPath(long, dir)).toBe(short);
    expect(statSync(join(short, "..")).mode & 0o777).toBe(0o700);
  });

  it("is refused where others could write", async () => {
    const long = join(dir, "d".repeat(120));
    const { chmodSync } = await import("node:fs");
    chmodSync(join(busPath(long, dir), ".."), 0o777);
    expect(() => busPath(long, dir)).toThrow("not a folder of this user alone");
  });
});

it("tells of changes that were refused and of methods that are not served, and of nothing that only reads", async () => {
  const refused: string[] = [];
  await serve({ refused: ({ method, session, code }) => refused.push(`${method} ${session} ${code}`) });
  const client = dial();
  await up(client);
  const spec = { id: "h", address: "a", user: "root", login: { kind: "agent" as const } };
  const fails = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
  await fails(client.call("host.save", { spec }, "good"), "role");
  await fails(client.call("host.save", { spec }, "bad"), "no-session");
  await fails(client.call("host.snapshot", { host: "h" }, "bad"), "no-session");
  await fails(client.call("host.snapshot", { host: "none" }, "good"), "not-found");
  await fails(client.call("remedy.undo", { run: "r" }, "good"), "unknown-method");
  expect(refused).toEqual(["host.save good role", "host.save bad no-session", "remedy.undo good unknown-method"]);
});
