import { afterEach, describe, expect, it, vi } from "vitest";
import { ParseError, type Probe } from "@/lib/probes/define";
import { probe as ipLink } from "@/lib/probes/ip-link";
import type { HostDelta } from "@/lib/wire/model";
import { HostSpec } from "@/lib/wire/rest";
import { makeEngine } from "../engine";
import type { MakeEngine } from "../engine/api";
import { type EventHandlers, type HostConnection, type ProbeRun, SshFailure } from "../ssh/api";
import { Fleet } from "./fleet";

const link = (ifname: string, mtu = 1500) => ({
  ifindex: 2,
  ifname,
  flags: ["BROADCAST", "UP", "LOWER_UP"],
  mtu,
  operstate: "UP",
  link_type: "ether",
  address: "52:54:00:00:00:01",
});
const lineOf = (mtu: number) =>
  `2: nic0: <BROADCAST,UP,LOWER_UP> mtu ${mtu} qdisc mq state UP group default qlen 1000\\    link/ether 52:54:00:00:00:01 brd ff:ff:ff:ff:ff:ff`;

class FakeHost implements HostConnection {
  readonly root = "direct";
  readonly hostname = "fake";
  readonly platform = "linux";
  readonly reads = "sh";
  handlers: EventHandlers | undefined;
  mtu = 1500;
  sweeps = 0;
  onSweep: () => void = () => undefined;
  private end: (failure: SshFailure) => void = () => undefined;
  readonly closed = new Promise<SshFailure>((resolve) => {
    this.end = resolve;
  });

  async sweep(probes: readonly Probe[], onResult?: (run: ProbeRun) => void): Promise<ProbeRun[]> {
    this.sweeps++;
    this.onSweep();
    await Promise.resolve();
    for (const { id } of probes)
      onResult?.({
        id,
        outcome: "ok",
        ms: 1,
        bytes: 1,
        value: [link("nic0", this.mtu)],
        stdout: new Uint8Array(),
        exit: 0,
        at: Date.now(),
      });
    return [];
  }

  async follow(handlers: EventHandlers): Promise<void> {
    this.handlers = handlers;
    handlers.onSource("ip-monitor", "following", "");
  }

  run = () => Promise.reject(new Error("not in this test"));
  script = () => Promise.reject(new Error("not in this test"));
  open = () => Promise.reject(new Error("not in this test"));
  close(): void {
    this.end(new SshFailure("lost", "closed on our side"));
  }
}

const spec = (id: string) => HostSpec.parse({ id, address: "192.0.2.1", user: "root", login: { kind: "agent" } });

/** Two hosts in one fleet: "bad" meets the faults, "good" must not notice. `connect`: what each attempt for "bad" gives. */
function world(options: { make?: MakeEngine; onDelta?: (delta: HostDelta) => void } = {}) {
  const hosts: Record<string, FakeHost[]> = { bad: [], good: [] };
  const logs: { event: string; host?: unknown; reason?: unknown }[] = [];
  const deltas: HostDelta[] = [];
  const refuse: { bad?: Error } = {};
  const fleet = new Fleet({
    epoch: "e",
    connect: async ({ id }) => {
      if (id === "bad" && refuse.bad) throw refuse.bad;
      const host = new FakeHost();
      hosts[id]?.push(host);
      return host;
    },
    keys: { lines: () => [] },
    makeEngine: options.make ?? makeEngine,
    probes: { "ip-link": ipLink as Probe },
    memory: { get: () => Promise.resolve({}), put: () => Promise.resolve() } as never,
    problems: {
      put: () => Promise.resolve(),
      close: () => Promise.resolve(),
      openOf: () => Promise.resolve([]),
    } as never,
    settings: {},
    log: (event, more) => logs.push({ event, ...more }),
    onDelta: (delta) => {
      options.onDelta?.(delta);
      deltas.push(delta);
    },
    onFleet: () => undefined,
    random: () => 0.5,
  });
  return { fleet, hosts, logs, deltas, refuse, last: (id: "bad" | "good") => hosts[id]?.at(-1) };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const boom = (): never => {
  throw new TypeError("boom");
};

/** Where a fault may come up, and how to bring it about on the host "bad" that is live. */
const places: readonly [where: string, break_: (w: ReturnType<typeof world>) => void][] = [
  [
    "reading",
    (w) => {
      const { engine } = w.fleet.host("bad") ?? {};
      if (engine) engine.read = boom;
    },
  ],
  [
    "publishing a state",
    (w) => {
      const { engine } = w.fleet.host("bad") ?? {};
      if (engine) engine.host = boom;
      w.last("bad")?.handlers?.onSource("ip-monitor", "missing", "ip is not installed");
    },
  ],
  [
    "a patch by an event",
    (w) => {
      const { engine } = w.fleet.host("bad") ?? {};
      if (engine) engine.read = boom;
      w.last("bad")?.handlers?.onLine("ip-monitor", lineOf(1400));
    },
  ],
  [
    "the sweep itself, in our own code",
    (w) => {
      const host = w.last("bad");
      if (host) host.onSweep = boom;
    },
  ],
  [
    "the facts that are asked for",
    (w) => {
      const { engine } = w.fleet.host("bad") ?? {};
      if (engine) Object.defineProperty(engine, "facts", { get: boom });
      w.last("bad")?.handlers?.onLine("ip-monitor", lineOf(1400));
    },
  ],
  [
    "other thresholds",
    (w) => {
      const { engine } = w.fleet.host("bad") ?? {};
      if (engine) engine.setSettings = boom;
      void w.fleet.setSettings({ "nic-flapping.x": 1 } as never);
    },
  ],
];

afterEach(() => {
  vi.useRealTimers();
});

describe("internal fault, met in the work for one host", () => {
  it.each(places)("stays with it: %s", async (_where, break_) => {
    vi.useFakeTimers();
    const w = world();
    await w.fleet.add(spec("bad"));
    await w.fleet.add(spec("good"));
    await pass(2_000);
    expect(w.fleet.host("bad")?.info.state).toBe("live");
    const epoch = w.fleet.host("bad")?.engine.snapshot().epoch;
    break_(w);
    await pass(17_000);
    // Its state said so, with what was done; the trace is in the log.
    const failed = w.deltas.filter((delta) => delta.host === "bad" && delta.info?.state === "failed");
    expect(failed[0]?.info?.reason).toMatch(/^internal fault, .+: boom$/);
    expect(w.logs.find(({ event }) => event === "fault")).toMatchObject({
      host: "bad",
      reason: expect.stringMatching(/TypeError: boom\n\s+at /),
    });
    // The neighbour did not notice: one connection, and what changes there is seen at once.
    expect(w.hosts.good).toHaveLength(1);
    expect(w.deltas.some((delta) => delta.host === "good" && delta.info?.state === "failed")).toBe(false);
    w.last("good")?.handlers?.onLine("ip-monitor", lineOf(1450));
    await pass(10);
    expect(w.deltas.at(-1)).toMatchObject({ host: "good", nodes: { put: [{ attributes: { mtu: 1450 } }] } });
    // Tried again by itself, with an engine of its own that nothing is wrong with.
    await pass(10_000);
    expect(w.fleet.host("bad")?.info.state).toBe("live");
    expect(w.hosts.bad?.length).toBeGreaterThan(1);
    expect(w.fleet.host("bad")?.engine.snapshot()).toMatchObject({ host: { state: "live" } });
    expect(w.fleet.host("bad")?.engine.snapshot().epoch).not.toBe(epoch);
    await w.fleet.stop();
  });

  it("waits longer each time it comes again, and a person may try at once", async () => {
    vi.useFakeTimers();
    let broken = true;
    const make: MakeEngine = (info, ...rest) => {
      const engine = makeEngine(info, ...rest);
      const { read } = engine;
      engine.read = (...args) => (info.id === "bad" && broken ? boom() : read.apply(engine, args));
      return engine;
    };
    const w = world({ make });
    await w.fleet.add(spec("bad"));
    await w.fleet.add(spec("good"));
    await pass(120_000);
    expect(w.fleet.host("bad")?.info).toMatchObject({ state: "failed", reason: expect.stringContaining("boom") });
    // 0.75 s, 1.5 s, 3 s ... 45 s: not in a tight loop.
    expect(w.hosts.bad?.length).toBeLessThan(12);
    expect(w.fleet.host("good")?.info.state).toBe("live");
    broken = false;
    w.fleet.host("bad")?.retry();
    await pass(2_000);
    expect(w.fleet.host("bad")?.info.state).toBe("live");
    await w.fleet.stop();
  });

  it("is `failed` as well where connecting or publishing throws", async () => {
    vi.useFakeTimers();
    let refuseDeltas = false;
    const w = world({
      onDelta: (delta) => {
        if (refuseDeltas && delta.host === "bad") boom();
      },
    });
    w.refuse.bad = new TypeError("boom");
    await w.fleet.add(spec("bad"));
    await pass(100);
    expect(w.fleet.host("bad")?.info).toMatchObject({ state: "failed", reason: "internal fault, connecting: boom" });
    delete w.refuse.bad;
    await pass(10_000);
    expect(w.fleet.host("bad")?.info.state).toBe("live");
    refuseDeltas = true;
    w.last("bad")?.handlers?.onLine("ip-monitor", lineOf(1400));
    await pass(100);
    expect(w.fleet.host("bad")?.info.state).toBe("failed");
    refuseDeltas = false;
    await pass(30_000);
    expect(w.fleet.host("bad")?.info.state).toBe("live");
    await w.fleet.stop();
  });

  it("is only that probe's where a parser throws what none may, and its trace is in the log", async () => {
    const { toProbeRun } = await import("../ssh/outcome");
    const ending = {
      how: "exit",
      exit: 0,
      stdout: new Uint8Array(),
      stderr: new Uint8Array(),
      bytes: 0,
      errBytes: 0,
      ms: 1,
    } as const;
    const broken = toProbeRun({ ...ipLink, parse: boom } as Probe, ending, 1);
    expect(broken).toMatchObject({ outcome: "garbled", detail: "a fault of ours: boom", fault: expect.any(TypeError) });
    const refuses = () => {
      throw new ParseError("no");
    };
    expect(toProbeRun({ ...ipLink, parse: refuses } as Probe, ending, 1)).not.toHaveProperty("fault");
  });
});
