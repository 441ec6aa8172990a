// Long: one fleet in memory with its hands on the clock, for all of it.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Probe } from "@/lib/probes/define";
import { probe as ipLink, type Link } from "@/lib/probes/ip-link";
import type { Problem } from "@/lib/problems/problem";
import type { HostDelta } from "@/lib/wire/model";
import { HostSpec } from "@/lib/wire/rest";
import type { FleetChange } from "@/lib/wire/topics/fleet";
import { makeEngine } from "../engine";
import { type EventHandlers, type HostConnection, type ProbeRun, SshFailure } from "../ssh/api";
import { Fleet } from "./fleet";

const nic = (up: boolean): Link[] => [
  {
    ifindex: 1,
    ifname: "lo",
    flags: ["LOOPBACK", "UP", "LOWER_UP"],
    mtu: 65536,
    operstate: "UNKNOWN",
    link_type: "loopback",
  },
  {
    ifindex: 2,
    ifname: "nic0",
    flags: up ? ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"] : ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP"],
    mtu: 1500,
    operstate: up ? "UP" : "DOWN",
    link_type: "ether",
    address: "52:54:00:00:00:01",
  },
];
const lineOf = (up: boolean) =>
  `[2026-11-21T01:00:15.239300] 2: nic0: <${nic(up)[1]?.flags.join()}> mtu 1500 qdisc mq state ${up ? "UP" : "DOWN"} group default qlen 1000\\    link/ether 52:54:00:00:00:01 brd ff:ff:ff:ff:ff:ff`;

const fastOnly = { "ip-link": ipLink as Probe };
const slow: Probe = { ...ipLink, id: "lldp", tier: "slow", rereadOn: {} };

/** A host that does as it is told. */
class FakeHost implements HostConnection {
  root: "direct" | "sudo" | "none" = "direct";
  rootReason = "sudo: a password is required";
  readonly hostname = "fake";
  readonly platform = "linux";
  readonly reads = "sh";
  handlers: EventHandlers | undefined;
  links = nic(true);
  /** Outcome of the next readings; "hang": they do not end. */
  outcome: ProbeRun["outcome"] | "hang" = "ok";
  readMs = 10;
  sweeps: string[][] = [];
  closedBy: SshFailure | undefined;
  private end: (failure: SshFailure) => void = () => undefined;
  readonly closed = new Promise<SshFailure>((resolve) => {
    this.end = resolve;
  });

  async sweep(probes: readonly Probe[], onResult?: (run: ProbeRun) => void): Promise<ProbeRun[]> {
    this.sweeps.push(probes.map((probe) => probe.id));
    const seen = this.links;
    const runs: ProbeRun[] = [];
    for (const probe of probes) {
      await new Promise((resolve) => setTimeout(resolve, this.readMs));
      const { outcome } = this;
      if (outcome === "hang") await this.closed;
      const run: ProbeRun = {
        id: probe.id,
        outcome: outcome === "hang" ? "lost" : outcome,
        ms: this.readMs,
        bytes: 10,
        ...(outcome === "ok" ? { value: probe.id === "ip-link" ? seen : [] } : { detail: "as told" }),
        stdout: new Uint8Array(),
        exit: 0,
        at: Date.now(),
      };
      runs.push(run);
      onResult?.(run);
    }
    return runs;
  }

  async follow(handlers: EventHandlers): Promise<void> {
    this.handlers = handlers;
    handlers.onSource("ip-monitor", "following", "");
  }

  run = () => Promise.reject(new Error("not in this test"));
  script = () => Promise.reject(new Error("not in this test"));
  open = () => Promise.reject(new Error("not in this test"));

  close(): void {
    this.lose(new SshFailure("lost", "closed on our side"));
  }

  lose(failure: SshFailure): void {
    this.closedBy ??= failure;
    this.end(failure);
  }
}

const spec = (more: object = {}) =>
  HostSpec.parse({ id: "kvm1", address: "192.0.2.1", user: "root", login: { kind: "agent" }, ...more });

interface World {
  fleet: Fleet;
  hosts: FakeHost[];
  deltas: HostDelta[];
  cards: FleetChange[];
  log: string[];
  /** What the next attempts meet; when empty, a new FakeHost. */
  next: (SshFailure | FakeHost | "never")[];
  /** How long each attempt takes to come to anything, ms. */
  openMs: number;
  attempts: number[];
  problems: { opened: Problem[]; closed: string[]; before: string[] };
  memory: Map<string, unknown>;
}

function world(probes: Record<string, Probe> = fastOnly): World {
  const w: World = {
    hosts: [],
    deltas: [],
    cards: [],
    log: [],
    next: [],
    openMs: 0,
    attempts: [],
    problems: { opened: [], closed: [], before: [] },
    memory: new Map(),
  } as unknown as World;
  w.fleet = new Fleet({
    epoch: "e",
    probes,
    makeEngine,
    settings: {},
    keys: { lines: () => [] },
    random: () => 0,
    log: (event, more) => w.log.push(`${event} ${JSON.stringify(more)}`),
    onDelta: (delta) => w.deltas.push(delta),
    onFleet: (change) => w.cards.push(change),
    memory: {
      get: async () => ({}),
      put: async (host, memory) => void w.memory.set(host, memory),
      drop: async () => undefined,
    },
    problems: {
      put: async (_, problem) => void w.problems.opened.push(problem),
      close: async (_, key) => void w.problems.closed.push(key),
      openOf: async () => w.problems.before.map((key) => ({ key }) as never),
      history: async () => [],
      prune: async () => 0,
    },
    connect: async (_spec, _keys, options) => {
      w.attempts.push(Date.now());
      if (w.openMs > 0) await pause(w.openMs);
      const then = w.next.shift() ?? new FakeHost();
      if (then instanceof SshFailure) throw then;
      if (then === "never")
        return new Promise<never>((_, reject) =>
          options?.signal?.addEventListener("abort", () => reject(new SshFailure("lost", "given up"))),
        );
      w.hosts.push(then);
      return then;
    },
  });
  return w;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const info = (w: World) => w.fleet.host("kvm1")?.info;

let w: World;
beforeEach(() => {
  vi.useFakeTimers();
  w = world();
});
afterEach(async () => {
  await w.fleet.stop();
  vi.useRealTimers();
});

describe("states of a host", () => {
  it("connecting, then live with its graph", async () => {
    w.next = ["never"];
    await w.fleet.add(spec());
    expect(info(w)).toMatchObject({ state: "connecting", seenAt: null });
    expect(w.fleet.cards()).toHaveLength(1);
    w.fleet.remove("kvm1");
    await w.fleet.add(spec());
    await pass(100);
    expect(info(w)?.state).toBe("live");
    expect(
      w.fleet
        .host("kvm1")
        ?.engine.snapshot()
        .nodes.map((node) => node.id),
    ).toContain("kvm1/nic/nic0");
  });

  it("degraded with its reason, and live again when the reason is gone", async () => {
    await w.fleet.add(spec());
    await pass(100);
    const [host] = w.hosts;
    host?.handlers?.onSource("ip-monitor", "missing", "ip is not installed");
    expect(info(w)).toMatchObject({
      state: "degraded",
      reason: expect.stringContaining("ip-monitor (ip is not installed)"),
    });
    host?.handlers?.onSource("ip-monitor", "following", "");
    expect(info(w)?.state).toBe("live");
    if (host) host.outcome = "timeout";
    await pass(20_000);
    expect(info(w)).toMatchObject({ state: "degraded", reason: "not read: ip-link (timeout: as told)" });
  });

  it("does not miss virsh where there is no libvirt", async () => {
    await w.fleet.add(spec());
    await pass(100);
    w.hosts[0]?.handlers?.onSource("virsh-event", "missing", "virsh is not installed");
    expect(info(w)?.state).toBe("live");
  });

  it("stale when a held connection goes silent, and live when it speaks again", async () => {
    await w.fleet.add(spec());
    await pass(100);
    const [host] = w.hosts;
    if (host) host.outcome = "hang";
    await pass(16_500 + 15_000 + 100);
    expect(info(w)).toMatchObject({ state: "stale", reason: expect.stringContaining("does not answer") });
    host?.handlers?.onLine("ip-monitor", lineOf(true));
    expect(info(w)?.state).toBe("live");
  });

  it("stale when the connection is lost, unreachable when it cannot be had again, live when it can", async () => {
    await w.fleet.add(spec());
    await pass(100);
    w.next = [new SshFailure("unreachable", "connection refused"), new SshFailure("unreachable", "connection refused")];
    w.hosts[0]?.lose(new SshFailure("lost", "no keepalive answer for 15 s"));
    await pass(1);
    expect(info(w)).toMatchObject({ state: "stale", reason: "no keepalive answer for 15 s" });
    await pass(1_000);
    expect(info(w)).toMatchObject({ state: "unreachable", reason: "connection refused" });
    expect(w.fleet.host("kvm1")?.engine.card().worst).toBe("stale");
    await pass(10_000);
    expect(info(w)?.state).toBe("live");
  });

  it("waits longer each time where connections drop as soon as they are made, however long that took", async () => {
    w.openMs = 29_000;
    await w.fleet.add(spec());
    for (let at = 0; at < 5; at++) {
      while (w.hosts.length <= at) await pass(100);
      await pass(5_000);
      w.hosts[at]?.lose(new SshFailure("lost", "gone again"));
    }
    await pass(120_000);
    const waits = w.attempts.slice(1).map((at, index) => at - (w.attempts[index] ?? 0) - 29_000);
    expect(waits.map((ms) => Math.floor((ms - 5_000) / 1_000))).toEqual([1, 2, 4, 8, 16]);
  });

  it.each(["key-unknown", "key-changed", "key-revoked", "login"] as const)(
    "refused for %s, and not tried again until a person says so",
    async (kind) => {
      w.next = [new SshFailure(kind, `because of ${kind}`)];
      await w.fleet.add(spec());
      await pass(3_600_000);
      expect(w.attempts).toHaveLength(1);
      expect(info(w)).toMatchObject({ state: "refused", reason: `because of ${kind}` });
      w.fleet.host("kvm1")?.retry();
      await pass(100);
      expect(info(w)?.state).toBe("live");
    },
  );

  it("refused for a sudo password that is turned down; without one, what can be read is read", async () => {
    const host = new FakeHost();
    host.root = "none";
    w.next = [host];
    await w.fleet.add(spec({ sudo: { kind: "password", password: "wrong" } }));
    await pass(3_600_000);
    expect(w.attempts).toHaveLength(1);
    expect(host.closedBy).toBeDefined();
    expect(info(w)).toMatchObject({ state: "refused", reason: expect.stringMatching(/^sudo: .*password/) });
    const plain = new FakeHost();
    plain.root = "none";
    w.next = [plain];
    await w.fleet.add(spec());
    await pass(100);
    expect(info(w)?.state).toBe("live");
  });

  it("refused for a key comes back by itself when that key was approved", async () => {
    const question = { address: "192.0.2.1", port: 22, keyType: "ssh-ed25519", fingerprint: "SHA256:x" };
    w.next = [new SshFailure("key-unknown", "unknown key", question)];
    await w.fleet.add(spec());
    await pass(100);
    expect(w.fleet.host("kvm1")?.question).toEqual(question);
    w.fleet.retryForKey();
    await pass(100);
    expect(info(w)?.state).toBe("live");
  });
});

describe("waiting between attempts", () => {
  it("grows from 1 s to 60 s, and starts small again after a good connection", async () => {
    w.next = Array.from({ length: 10 }, () => new SshFailure("unreachable", "no route"));
    await w.fleet.add(spec());
    await pass(400_000);
    const waits = w.attempts.slice(1).map((at, index) => Math.round((at - (w.attempts[index] ?? 0)) / 1000));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    await pass(60_000);
    w.attempts.length = 0;
    const lost = Date.now();
    w.hosts.at(-1)?.lose(new SshFailure("lost", "reset"));
    await pass(2_000);
    expect((w.attempts[0] ?? 0) - lost).toBe(1_000);
  });

  it("does not let dead hosts keep the others out", async () => {
    w.next = Array.from({ length: 40 }, () => "never" as const);
    for (let i = 0; i < 41; i++) await w.fleet.add(spec({ id: `h${i}` }));
    expect(w.attempts).toHaveLength(16);
    await pass(11_000);
    expect(w.fleet.host("h40")?.info.state).toBe("live");
  });
});

describe("events", () => {
  it("are in a delta before the next timer can run", async () => {
    await w.fleet.add(spec());
    await pass(100);
    w.deltas.length = 0;
    w.hosts[0]?.handlers?.onLine("ip-monitor", lineOf(false));
    await Promise.resolve();
    expect(w.deltas).toHaveLength(1);
    expect(w.deltas[0]?.nodes?.put.map((node) => node.id)).toContain("kvm1/nic/nic0");
    expect(w.deltas[0]?.findings?.put.map((finding) => finding.check)).toContain("nic-no-carrier");
  });

  it("are not undone by a reading that began before them", async () => {
    await w.fleet.add(spec());
    await pass(100);
    const [host] = w.hosts;
    if (!host) throw new Error("no host");
    host.readMs = 200;
    const reading = w.fleet.host("kvm1")?.readNow(["ip-link"]);
    await pass(100);
    host.handlers?.onLine("ip-monitor", lineOf(false));
    // What was read waits for its turn, which is a timer as well.
    await pass(110);
    await reading;
    const state = () =>
      w.fleet
        .host("kvm1")
        ?.engine.snapshot()
        .nodes.find((node) => node.id === "kvm1/nic/nic0")?.attributes.operstate;
    expect(state()).toBe("DOWN");
    // What is read after it counts again.
    await pass(1_000);
    expect(state()).toBe("UP");
  });

  it("ask for a narrow reading once, after the burst", async () => {
    w.next = [new FakeHost()];
    await w.fleet.add(spec());
    await pass(100);
    const [host] = w.hosts;
    host?.sweeps.splice(0);
    for (let i = 0; i < 8; i++) host?.handlers?.onLine("ip-monitor", lineOf(false));
    await pass(200);
    expect(host?.sweeps).toEqual([["ip-link"]]);
  });

  it("that may have been missed while nobody listened are made good by a reading", async () => {
    await w.fleet.add(spec());
    await pass(2_000);
    const [host] = w.hosts;
    host?.handlers?.onSource("ip-monitor", "ended", "killed");
    if (host) host.links = nic(false);
    host?.sweeps.splice(0);
    host?.handlers?.onSource("ip-monitor", "following", "");
    await pass(1_000);
    expect(host?.sweeps).toEqual([["ip-link"]]);
    expect(
      w.fleet
        .host("kvm1")
        ?.engine.snapshot()
        .findings.map((f) => f.check),
    ).toContain("nic-no-carrier");
  });

  it("in a storm cost a bounded number of deltas and readings", async () => {
    await w.fleet.add(spec());
    await pass(100);
    const [host] = w.hosts;
    host?.sweeps.splice(0);
    w.deltas.length = 0;
    for (let ms = 0; ms < 10_000; ms++) {
      for (let i = 0; i < 5; i++) host?.handlers?.onLine("ip-monitor", lineOf((ms + i) % 2 === 0));
      await pass(1);
    }
    expect(w.deltas.length).toBeLessThan(20 + 10_000 / 50 + 250);
    expect(host?.sweeps.length).toBeLessThan(20);
    const last = w.cards.length;
    expect(last).toBeLessThan(10 * 4 + 10);
    if (host) host.links = nic(false);
    await pass(3_000);
    expect(
      w.fleet
        .host("kvm1")
        ?.engine.snapshot()
        .findings.map((f) => f.check),
    ).toContain("nic-no-carrier");
  });
});

describe("sweeps", () => {
  it("come fast first, then slow, then each in its time", async () => {
    w = world({ ...fastOnly, lldp: slow });
    await w.fleet.add(spec());
    await pass(600_000);
    const sweeps = w.hosts[0]?.sweeps ?? [];
    expect(sweeps.slice(0, 2)).toEqual([["ip-link"], ["lldp"]]);
    expect(sweeps.filter(([id]) => id === "ip-link").length).toBeGreaterThan(35);
    expect(sweeps.filter(([id]) => id === "lldp")).toHaveLength(3);
  });

  it("keep what was known when a connection ends under them", async () => {
    await w.fleet.add(spec());
    await pass(100);
    w.next = ["never"];
    void w.fleet.host("kvm1")?.readNow(["ip-link"]);
    w.hosts[0]?.lose(new SshFailure("lost", "reset"));
    await pass(100);
    expect(
      w.fleet
        .host("kvm1")
        ?.engine.snapshot()
        .nodes.map((node) => node.id),
    ).toContain("kvm1/nic/nic0");
  });
});

describe("the fleet", () => {
  it("keeps a host's engine and numbers when its settings change", async () => {
    await w.fleet.add(spec());
    await pass(100);
    const { engine } = w.fleet.host("kvm1") ?? {};
    const seq = engine?.snapshot().seq ?? 0;
    await w.fleet.add(spec({ address: "192.0.2.77" }));
    await pass(100);
    expect(w.fleet.host("kvm1")?.engine).toBe(engine);
    expect(engine?.snapshot().seq).toBeGreaterThan(seq);
    expect(w.hosts).toHaveLength(2);
    expect(w.hosts[0]?.closedBy).toBeDefined();
    expect(info(w)).toMatchObject({ state: "live", address: "192.0.2.77" });
  });

  it("forgets a removed host and stops all work for it", async () => {
    await w.fleet.add(spec());
    await pass(100);
    expect(w.fleet.remove("kvm1")).toBe(true);
    expect(w.fleet.remove("kvm1")).toBe(false);
    expect(w.cards.at(-1)).toEqual({ put: [], drop: ["kvm1"] });
    w.deltas.length = 0;
    w.hosts[0]?.handlers?.onLine("ip-monitor", lineOf(false));
    await pass(600_000);
    expect(w.deltas).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("writes memory and problems, together and not more often than needed", async () => {
    w.problems.before = ["gone@kvm1/nic/x"];
    w = Object.assign(world({ ...fastOnly, lldp: slow }), {});
    w.problems.before = ["gone@kvm1/nic/x"];
    await w.fleet.add(spec());
    await pass(10_000);
    w.hosts[0]?.handlers?.onLine("ip-monitor", lineOf(false));
    await pass(10_000);
    expect(w.memory.has("kvm1")).toBe(true);
    expect(w.problems.closed).toContain("gone@kvm1/nic/x");
    expect(w.problems.opened.map((problem) => problem.check)).toContain("nic-no-carrier");
  });

  it("leaves nothing of demo hosts in the store", async () => {
    await w.fleet.add(spec(), true);
    await pass(30_000);
    expect(w.memory.size).toBe(0);
    expect(w.fleet.demoHosts()).toEqual(["kvm1"]);
  });

  it("costs few timers a host", async () => {
    for (let i = 0; i < 200; i++) await w.fleet.add(spec({ id: `h${i}` }));
    await pass(5_000);
    expect(w.fleet.cards().filter((card) => card.host.state === "live")).toHaveLength(200);
    expect(vi.getTimerCount()).toBeLessThan(200 * 2 + 5);
  });
});
