import type { Finding } from "@/lib/checks/finding";
import { Summary } from "@/lib/fleet/summary";
import type { GraphEdge, GraphNode } from "@/lib/graph/model";
import { viewOf } from "@/lib/graph/view";
import { saidIn } from "@/lib/text/said";
import type { RemedyProgress } from "@/lib/wire/jobs/remedy";
import type { HostSnapshot } from "@/lib/wire/model";
import type { HostConnection } from "../ssh/api";
import { hasEnded, type RemedyDeps, type RemedyHost, type RunRecord } from "./api";
import { armScript, disarmScript, mayArmScript, outcomeScript } from "./guard-scripts";
import { askScript } from "./guests";
import { RemedyRuns } from "./runs";

export type Told = Omit<RemedyProgress, "says"> & { readonly says: string };

/** A host with one TAP that is off its bridge, and a clock that only moves when somebody sleeps. What a real kernel does is proved in e2e. */
export function world(
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
  // Long: a host in memory: one branch for each command that a remedy runs.
  let now = 1_000_000;
  const ran: string[] = [];
  /** As an English reader sees it. */
  const phases: Told[] = [];
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
    node("bridge", "br0", { ifindex: 2 }),
    node("tap", "vnet0", { ifindex: 3 }),
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
    remedies: ["enslave"],
  };
  let seen: Finding[] = [finding];
  const connection: HostConnection = {
    root: options.root ?? "direct",
    hostname: "h",
    platform: "linux",
    reads: "sh",
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
    open: () => Promise.reject(new Error("not in this test")),
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
      problems: [],
      card: () => {
        throw new Error("not asked for");
      },
      get graph() {
        return graph();
      },
      summary: new Summary().take(graph(), {}, now),
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
    progress: (p) => void phases.push({ ...p, says: saidIn(p.says, "en") }),
    now: () => now,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
  return { deps, runs: new RemedyRuns(deps), ran, phases, audit, records, host, connection };
}

/** Writes down each row as the store has taken it, some time after it was asked to; `fails`: those that it does not take. */
export function slowStore(w: ReturnType<typeof world>, fails: (row: string) => boolean = () => false) {
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

export async function press(w: ReturnType<typeof world>) {
  const plan = await w.runs.plan("h", "tap-not-enslaved@h/tap/vnet0");
  await w.runs.apply(plan.run, "op");
  for (let i = 0; i < 500 && !["kept", "undone", "failed", "unknown"].includes(w.phases.at(-1)?.phase ?? ""); i++)
    await new Promise((r) => setImmediate(r));
  return plan;
}
