import { describe, expect, it } from "vitest";
import type { Finding } from "@/lib/checks/finding";
import type { GraphEdge, GraphNode } from "@/lib/graph/model";
import { viewOf } from "@/lib/graph/view";
import type { HostSnapshot } from "@/lib/wire/model";
import type { RemedyProgress } from "@/lib/wire/socket";
import type { HostConnection } from "../ssh/api";
import type { RemedyDeps, RemedyHost, RunRecord } from "./api";
import { armScript, disarmScript, waitingScript } from "./guard";
import { askScript } from "./guests";
import { compareAnswers } from "./run";
import { RemedyRuns } from "./runs";

/** A host with one TAP that is off its bridge, and a clock that only moves when somebody sleeps. What a real kernel does is proved in e2e. */
function world(
  options: {
    applyWorks?: boolean;
    stepFails?: boolean;
    dies?: boolean;
    breaksNeighbour?: boolean;
    root?: "direct" | "none";
  } = {},
) {
  let now = 1_000_000;
  const ran: string[] = [];
  const phases: RemedyProgress[] = [];
  const audit: string[] = [];
  const records = new Map<string, RunRecord>();
  const host = { enslaved: false, armed: false, dead: false };
  const node = (kind: GraphNode["kind"], name: string, attributes: GraphNode["attributes"] = {}): GraphNode => ({
    id: `h/${kind}/${name}`,
    host: "h",
    kind,
    name,
    attributes,
  });
  const nodes = [
    node("bridge", "br0"),
    node("tap", "vnet0"),
    node("vnic", "v0", { mac: "52:54:00:00:00:01", addresses: ["192.0.2.10/24"] }),
    node("vm", "web-01"),
    node("vnic", "v1", { mac: "52:54:00:00:00:02", addresses: ["192.0.2.11/24"] }),
    node("vm", "web-02"),
  ];
  const edge = (kind: GraphEdge["kind"], from: string, to: string, present = true): GraphEdge => ({
    id: `${from}>${to}`,
    host: "h",
    kind,
    from,
    to,
    present,
  });
  const graph = () =>
    viewOf({
      nodes: new Map(nodes.map((n) => [n.id, n])),
      edges: new Map(
        [
          edge("bridge-port", "h/bridge/br0", "h/tap/vnet0", host.enslaved),
          edge("tap-vnic", "h/tap/vnet0", "h/vnic/v0"),
          edge("vnic-vm", "h/vnic/v0", "h/vm/web-01"),
          edge("vnic-vm", "h/vnic/v1", "h/vm/web-02"),
        ].map((e) => [e.id, e]),
      ),
    });
  const finding: Finding = {
    key: "tap-not-enslaved@h/tap/vnet0",
    check: "tap-not-enslaved",
    layer: "tap",
    status: "fail",
    host: "h",
    subject: "h/tap/vnet0",
    message: "vnet0 is on no bridge",
    params: {},
    evidence: [],
    breaks: [],
    cuts: true,
    alsoOn: [],
    since: 0,
    impacts: [],
    remedy: "enslave",
  };
  let seen: Finding[] = [finding];
  const connection: HostConnection = {
    root: options.root ?? "direct",
    hostname: "h",
    sweep: () => Promise.resolve([]),
    follow: () => Promise.resolve(),
    closed: new Promise(() => undefined),
    close: () => undefined,
    run(argv) {
      ran.push(argv.join(" "));
      if (options.dies && argv.includes("master")) {
        host.dead = true;
        return Promise.reject(new Error("connection lost"));
      }
      if (options.stepFails && argv.includes("master"))
        return Promise.resolve({ exit: 2, stdout: "", stderr: "Device does not exist" });
      if (options.applyWorks !== false && argv.includes("master")) host.enslaved = true;
      if (argv.includes("nomaster")) host.enslaved = false;
      return Promise.resolve({ exit: 0, stdout: "", stderr: "" });
    },
    script(script, parameters) {
      const answer = (exit: number, stdout = "") => Promise.resolve({ exit, stdout, stderr: "" });
      if (script === armScript) {
        ran.push("ARM");
        host.armed = true;
        return answer(0, "systemd\n");
      }
      if (script === disarmScript) {
        ran.push("DISARM");
        const was = host.armed;
        host.armed = false;
        return answer(was ? 0 : 3);
      }
      if (script === waitingScript) return answer(host.armed ? 0 : 3);
      if (script === askScript) {
        const word = (a: string) =>
          a === "192.0.2.10"
            ? host.enslaved
              ? "icmp"
              : "silent"
            : options.breaksNeighbour && host.enslaved
              ? "silent"
              : "icmp";
        return answer(0, parameters.map((a) => `${a} ${word(a)}\n`).join(""));
      }
      return Promise.reject(new Error("unknown script"));
    },
  };
  const remedyHost: RemedyHost = {
    info: () => ({ id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: now, demo: false }),
    connection: () => (host.dead ? undefined : connection),
    reread: () => {
      now += 100;
      seen = host.enslaved ? [] : [finding];
      return Promise.resolve();
    },
    engine: {
      read: () => undefined,
      host: () => undefined,
      setSettings: () => undefined,
      snapshot: () => ({ findings: seen }) as unknown as HostSnapshot,
      card: () => {
        throw new Error("not asked for");
      },
      since: () => undefined,
      get graph() {
        return graph();
      },
      facts: {},
      memory: () => ({}),
      defects: new Map(),
    },
  };
  const deps: RemedyDeps = {
    host: (id) => (id === "h" ? remedyHost : undefined),
    store: {
      put: async (record) => void records.set(record.run, record),
      get: async (run) => records.get(run),
      open: async () => [...records.values()].filter((r) => !["kept", "undone", "failed"].includes(r.phase)),
    },
    audit: (row) => void audit.push(`${row.who} ${row.what} ${row.host} ${row.outcome} [${row.detail}]`),
    progress: (p) => void phases.push(p),
    now: () => now,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
  return { deps, runs: new RemedyRuns(deps), ran, phases, audit, records, host };
}

/** Writes down each row as the store has taken it, some time after it was asked to; `fails`: those that it does not take. */
function slowStore(w: ReturnType<typeof world>, fails: (row: string) => boolean = () => false) {
  const { store } = w.deps;
  const put: typeof store.put = async (record) => {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    const row = `ROW ${record.phase}${record.undoAt === null ? "" : ", due"}`;
    if (fails(row)) throw new Error("disk full");
    w.ran.push(row);
    await store.put(record);
  };
  Object.assign(w.deps, { store: { ...store, put } });
}

async function press(w: ReturnType<typeof world>) {
  const plan = await w.runs.plan("h", "tap-not-enslaved@h/tap/vnet0");
  await w.runs.apply(plan.run, "op");
  for (let i = 0; i < 500 && !["kept", "undone", "failed", "unknown"].includes(w.phases.at(-1)?.phase ?? ""); i++)
    await new Promise((r) => setImmediate(r));
  return plan;
}

describe("a guarded change", () => {
  it("arms before it touches, keeps what works, and disarms", async () => {
    const w = world();
    const plan = await press(w);
    expect(plan.steps.map((s) => [s.do, s.undo])).toEqual([
      ["ip link set dev vnet0 master br0", "ip link set dev vnet0 nomaster"],
    ]);
    expect(w.ran).toEqual(["ARM", "ip link set dev vnet0 master br0", "DISARM"]);
    expect(w.phases.at(-1)).toMatchObject({ phase: "kept", says: "1 of 1 affected guests answer" });
    expect(w.audit).toHaveLength(1);
    expect(w.audit[0]).toContain("kept");
    expect(w.host).toMatchObject({ enslaved: true, armed: false });
  });

  it("touches the host only once the row that speaks of it lies in the store", async () => {
    const w = world();
    slowStore(w);
    await press(w);
    expect(w.ran).toEqual([
      ...["ROW probing", "ROW arming", "ROW arming, due", "ARM", "ROW arming, due"],
      ...["ROW applying, due", "ip link set dev vnet0 master br0", "ROW settling, due", "ROW verifying, due"],
      ...["DISARM", "ROW kept, due"],
    ]);
    const [kept] = w.records.values();
    expect(kept?.steps).toEqual([{ by: "runtime", change: { kind: "master", device: "vnet0", to: "br0", was: null } }]);
  });

  it("touches nothing that could not be written down first, and says so", async () => {
    const unwritten = world();
    slowStore(unwritten, (row) => row === "ROW arming, due");
    await press(unwritten);
    expect(unwritten.ran.filter((one) => !one.startsWith("ROW"))).toEqual([]);
    expect(unwritten.phases.at(-1)).toMatchObject({ phase: "failed", says: "nothing was changed: disk full" });
    const armed = world();
    slowStore(armed, (row) => row === "ROW applying, due" || row.startsWith("ROW unknown"));
    await press(armed);
    expect(armed.ran.filter((one) => !one.startsWith("ROW"))).toEqual(["ARM"]);
    expect(armed.phases.at(-1)?.says).toContain("the outcome could not be stored: disk full");
    expect(armed.audit).toHaveLength(1);
  });

  it("undoes a change after which the finding is still there, undo first and disarm after", async () => {
    const w = world({ applyWorks: false });
    await press(w);
    expect(w.ran).toEqual(["ARM", "ip link set dev vnet0 master br0", "ip link set dev vnet0 nomaster", "DISARM"]);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone" });
  });

  it("undoes a step that the host turned down, with the host's words", async () => {
    const w = world({ stepFails: true });
    await press(w);
    expect(w.phases.at(-1)?.phase).toBe("undone");
    expect(w.phases.at(-1)?.says).toContain("Device does not exist");
  });

  it("undoes a change that silences a guest that answered before", async () => {
    const w = world({ breaksNeighbour: true });
    await press(w);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone", says: "no longer answering: h/vm/web-02" });
    expect(w.host.enslaved).toBe(false);
  });

  it("leaves the undo to the host when the connection is lost, and says what became of it after a restart", async () => {
    const w = world({ dies: true });
    await press(w);
    expect(w.phases.at(-1)).toMatchObject({ phase: "unknown" });
    expect(w.host.armed).toBe(true);
    expect(w.ran).not.toContain("DISARM");
    w.host.dead = false;
    w.host.armed = false;
    const later = new RemedyRuns(w.deps);
    await later.recover("h");
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone" });
    expect(await w.deps.store.open()).toEqual([]);
  });

  it("takes a kept change back on request, once", async () => {
    const w = world();
    const plan = await press(w);
    await w.runs.undo(plan.run, "op2");
    expect(w.host.enslaved).toBe(false);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone", says: "taken back by op2" });
    await expect(w.runs.undo(plan.run, "op2")).rejects.toMatchObject({ code: "not-found" });
  });

  it("refuses what is not there, not connected, without root, or changed since it was shown", async () => {
    const w = world();
    await expect(w.runs.plan("nobody", "x@y")).rejects.toMatchObject({ code: "not-found" });
    await expect(w.runs.plan("h", "tap-not-enslaved@h/tap/other")).rejects.toMatchObject({ code: "changed" });
    await expect(w.runs.apply("0000", "op")).rejects.toMatchObject({ code: "not-found" });
    const plan = await w.runs.plan("h", "tap-not-enslaved@h/tap/vnet0");
    w.host.enslaved = true;
    await expect(w.runs.apply(plan.run, "op")).rejects.toMatchObject({ code: "refused" });
    expect(w.ran).toEqual([]);
    const rootless = world({ root: "none" });
    await expect(rootless.runs.plan("h", "tap-not-enslaved@h/tap/vnet0")).rejects.toMatchObject({ code: "no-root" });
  });
});

describe("judging by the guest", () => {
  const m = (entries: Record<string, "icmp" | "arp" | "silent" | "no-address">) => new Map(Object.entries(entries));
  it("tells lost from waiting from not asked", () => {
    expect(
      compareAnswers(m({ a: "icmp", b: "silent" }), m({ a: "silent", b: "silent" }), new Set(["b"])),
    ).toMatchObject({ lost: ["a"], waiting: ["b"] });
    expect(compareAnswers(m({ a: "icmp" }), m({ a: "arp" }), new Set(["a"]))).toMatchObject({ lost: [], waiting: [] });
    expect(compareAnswers(m({ a: "no-address" }), m({ a: "no-address" }), new Set(["a"])).says).toContain(
      "judged by the check alone: a",
    );
  });
});
