import { describe, expect, it } from "vitest";
import type { Finding } from "@/lib/checks/finding";
import type { GraphEdge, GraphNode } from "@/lib/graph/model";
import { viewOf } from "@/lib/graph/view";
import type { HostSnapshot } from "@/lib/wire/model";
import type { RemedyProgress } from "@/lib/wire/socket";
import type { HostConnection } from "../ssh/api";
import { hasEnded, type RemedyDeps, type RemedyHost, type RunRecord } from "./api";
import { armScript, disarmScript, mayArmScript, outcomeScript } from "./guard-scripts";
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
    /** sudo turns our scripts down. */
    narrowSudo?: boolean;
    /** What becomes of the call that arms: the host turns it down, or is never heard of again, having armed it. */
    arming?: "refused" | "lost";
    /** The host disarms, and is never heard of again. */
    diesDisarming?: boolean;
    undoFails?: boolean;
  } = {},
) {
  let now = 1_000_000;
  const ran: string[] = [];
  const phases: RemedyProgress[] = [];
  const audit: string[] = [];
  const records = new Map<string, RunRecord>();
  const host = { enslaved: false, dead: false, guard: "gone" };
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
      if (argv.includes("nomaster")) {
        if (options.undoFails) return Promise.resolve({ exit: 2, stdout: "", stderr: "Operation not permitted" });
        host.enslaved = false;
      }
      return Promise.resolve({ exit: 0, stdout: "", stderr: "" });
    },
    script(script, parameters) {
      const answer = (exit: number, stdout = "") => Promise.resolve({ exit, stdout, stderr: "" });
      const lost = () => {
        host.dead = true;
        return Promise.reject(new Error("connection lost"));
      };
      if (script === mayArmScript)
        return options.narrowSudo
          ? Promise.resolve({ exit: 1, stdout: "", stderr: "sudo: a password is required" })
          : answer(0);
      if (script === armScript) {
        ran.push("ARM");
        if (options.arming === "refused") return answer(70);
        host.guard = "waiting";
        return options.arming === "lost" ? lost() : answer(0, "systemd 5a5a5a5a-0000-4000-8000-000000000000\n");
      }
      if (script === disarmScript) {
        ran.push("DISARM");
        const was = host.guard === "waiting";
        if (was) host.guard = "disarmed";
        return options.diesDisarming ? lost() : answer(was ? 0 : 3);
      }
      if (script === outcomeScript) {
        if (host.guard === "waiting" && options.undoFails && now > 1_010_000)
          return answer(0, "ended\n0 2 Operation not permitted\nend\n");
        return answer(0, `${host.guard}\n`);
      }
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
      open: async () => [...records.values()].filter((r) => !hasEnded(r)),
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
    const row = `ROW ${record.phase}${record.undoAt === null ? "" : ", due"}${record.disarming ? `, ${record.disarming}` : ""}`;
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
    expect(w.host).toMatchObject({ enslaved: true, guard: "disarmed" });
  });

  it("touches the host only once the row that speaks of it lies in the store", async () => {
    const w = world();
    slowStore(w);
    await press(w);
    expect(w.ran).toEqual([
      ...["ROW probing", "ROW arming", "ARM", "ROW arming, due"],
      ...["ROW applying, due", "ip link set dev vnet0 master br0", "ROW settling, due", "ROW verifying, due"],
      ...["ROW verifying, due, verified", "DISARM", "ROW kept, due, verified"],
    ]);
    const [kept] = w.records.values();
    expect(kept?.steps).toEqual([{ by: "runtime", change: { kind: "master", device: "vnet0", to: "br0", was: null } }]);
  });

  it("touches nothing that could not be written down first, and says so", async () => {
    const unwritten = world();
    slowStore(unwritten, (row) => row === "ROW arming");
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

  it("applies nothing where the undo could not be armed, and speaks of no undo", async () => {
    const w = world({ arming: "refused" });
    await press(w);
    expect(w.ran).toEqual(["ARM"]);
    expect(w.phases.at(-1)).toMatchObject({ phase: "failed" });
    expect(w.phases.at(-1)?.says).toMatch(/^nothing was changed: the undo could not be armed/);
    expect(w.phases.filter((p) => p.undoAt !== undefined)).toEqual([]);
    expect([...w.records.values()]).toMatchObject([{ guard: null, undoAt: null }]);
  });

  it("applies nothing when arming was not heard of, and disarms what may wait there when the host is back", async () => {
    const w = world({ arming: "lost" });
    await press(w);
    expect(w.ran).toEqual(["ARM"]);
    expect(w.phases.at(-1)?.phase).toBe("unknown");
    expect(w.phases.at(-1)?.says).toContain("nothing was changed");
    w.host.dead = false;
    await new RemedyRuns(w.deps).recover("h");
    expect(w.host.guard).toBe("disarmed");
    expect(w.phases.at(-1)).toMatchObject({ phase: "failed" });
    expect(await w.deps.store.open()).toEqual([]);
  });

  it("says before anything is shown that a narrow sudo is not enough", async () => {
    const w = world({ narrowSudo: true });
    await expect(w.runs.plan("h", "tap-not-enslaved@h/tap/vnet0")).rejects.toMatchObject({
      code: "no-root",
      message: expect.stringContaining("a password is required"),
    });
    expect(w.ran).toEqual([]);
  });

  it("waits for the host's own try when its undo fails, and says that this failed too", async () => {
    const w = world({ applyWorks: false, undoFails: true });
    await press(w);
    expect(w.phases.at(-1)?.phase).toBe("failed");
    expect(w.phases.at(-1)?.says).toMatch(
      /undo failed: .* failed: ip link set dev vnet0 nomaster: exit 2: Operation not permitted/,
    );
  });

  /** How a change that was cut off while it was applied reads later, by what its host says then. */
  it.each([
    [
      "ended\n0 0 \nend",
      false,
      "undone",
      "the host undid the change by itself; the check says now: vnet0 is on no bridge",
    ],
    ["ended\n0 2 no such device\nend", true, "failed", "ip link set dev vnet0 nomaster: exit 2: no such device"],
    [
      "rebooted",
      true,
      "unknown",
      "the host has been rebooted since, and its undo went with it; the check is clear now",
    ],
    ["rebooted", false, "unknown", "the check says now: vnet0 is on no bridge"],
    ["gone", true, "unknown", "no longer on the host"],
    ["vanished", true, "unknown", "it never fired"],
    ["cut", false, "unknown", "before it had tried every step"],
    ["disarmed", true, "unknown", "how much was taken back"],
  ])("after a cut, %j (change in place: %s) reads as %s", async (guard, enslaved, phase, says) => {
    const w = world({ dies: true });
    await press(w);
    expect(w.phases.at(-1)).toMatchObject({ phase: "unknown" });
    expect(w.host.guard).toBe("waiting");
    expect(w.ran).not.toContain("DISARM");
    Object.assign(w.host, { dead: false, guard, enslaved });
    await new RemedyRuns(w.deps).recover("h");
    expect(w.phases.at(-1)?.phase).toBe(phase);
    expect(w.phases.at(-1)?.says).toContain(says);
    expect(w.audit.at(-1)).toContain(`${phase}: `);
    expect(await w.deps.store.open()).toEqual([]);
  });

  it("is kept, and can be taken back, when the connection went between disarming and its answer", async () => {
    const w = world({ diesDisarming: true });
    const plan = await press(w);
    expect(w.phases.at(-1)?.says).toContain("Whether the undo was disarmed is not known");
    w.host.dead = false;
    const later = new RemedyRuns(w.deps);
    await later.recover("h");
    expect(w.phases.at(-1)).toMatchObject({ phase: "kept" });
    await later.undo(plan.run, "op2");
    expect(w.host.enslaved).toBe(false);
  });

  it("is undone when the connection went between the undo's disarming and its answer", async () => {
    const w = world({ diesDisarming: true, breaksNeighbour: true });
    await press(w);
    w.host.dead = false;
    await new RemedyRuns(w.deps).recover("h");
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone" });
    expect(await w.deps.store.open()).toEqual([]);
  });

  it("takes back on request what nobody knows the outcome of", async () => {
    const w = world({ dies: true });
    const plan = await press(w);
    Object.assign(w.host, { dead: false, guard: "rebooted", enslaved: true });
    const later = new RemedyRuns(w.deps);
    await later.recover("h");
    await later.undo(plan.run, "op2");
    expect(w.host.enslaved).toBe(false);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone", says: "taken back by op2" });
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
