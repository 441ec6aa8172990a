import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProbeId, probes } from "@/lib/probes/registry";
import type { RemedyProgress } from "@/lib/wire/jobs/remedy";
import type { HostInfo } from "@/lib/wire/model";
import { makeEngine } from "@/server/collector/engine";
import { hasEnded, type RemedyDeps, type RemedyHost, type RunRecord } from "@/server/collector/remedy/api";
import { arm, disarm, newRunId, outcome, undoScript, whyNotArm } from "@/server/collector/remedy/guard";
import { disarmScript } from "@/server/collector/remedy/guard-scripts";
import { RemedyRuns } from "@/server/collector/remedy/runs";
import { unitName } from "@/server/collector/remedy/unit";
import type { HostConnection } from "@/server/collector/ssh/api";
import { factsOf, reportsOf } from "@/server/collector/sweep-facts";
import { eventually } from "../netns/support";
import { bootMachine, type Machine, releases, releasesOfThisRun } from "./machine";

/** Names that the kernel takes, each of which some layer on the way would expand: systemd's `${X}`, `$$`, the shell's all. */
const hostileNames = [`vnet\${X}0`, `a\${MAINPID}`, "a$$b", "-$(id>x);`id`'", 'q"\\n;#&|<', "$HOME*?[a]!", "@+-~,="];
type Undo = Parameters<typeof undoScript>[0]["steps"][number]["undo"];
const step = (undo: Undo) => ({ undo });

/** One process of ours: the real engine, connection and runs. Dead, it has no connection, and nothing of what it still does is written down. */
function ourProcess(first: HostConnection, kept: Kept) {
  // Long: the script of one process, written out.
  const info: HostInfo = { id: "m", name: "m", address: "m", state: "live", since: 0, seenAt: null, demo: false };
  const engine = makeEngine(info, "test", {});
  let connection: HostConnection | undefined = first;
  const crash = () => {
    connection?.close();
    connection = undefined;
  };
  const host: RemedyHost = {
    info: () => info,
    engine,
    connection: () => connection,
    async reread(ids: readonly ProbeId[]) {
      if (!connection) throw new Error("the connection is lost");
      const runs = await connection.sweep(ids.map((one) => probes[one]));
      engine.read(factsOf(runs), reportsOf(runs), Date.now());
    },
  };
  const alive = () => connection !== undefined;
  /** The phase that is not survived. */
  let fatal: RemedyProgress["phase"] | undefined;
  const deps: RemedyDeps = {
    host: () => host,
    store: {
      put: async (r) => void (alive() && kept.records.set(r.run, r)),
      get: async (run) => kept.records.get(run),
      open: async () => [...kept.records.values()].filter((r) => !hasEnded(r)),
    },
    audit: (row) => void (alive() && kept.audit.push(row.outcome)),
    progress(p) {
      if (alive()) kept.phases.push(p);
      if (p.phase === fatal) crash();
    },
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  /** Dies as soon as the host has disarmed, before that is heard of. */
  const crashAtDisarming = () => {
    const { platform, reads, root, hostname, run, closed } = first;
    const script: HostConnection["script"] = async (text, ...rest) => {
      const answer = await first.script(text, ...rest);
      if (text === disarmScript) crash();
      return answer;
    };
    const sweep: HostConnection["sweep"] = (...args) => first.sweep(...args);
    connection = {
      root,
      platform,
      reads,
      hostname,
      run,
      closed,
      sweep,
      script,
      open: first.open,
      follow: (h) => first.follow(h),
      close: () => first.close(),
    };
  };
  return {
    kept,
    ...kept,
    host,
    crash,
    crashAtDisarming,
    /** Dies in the moment in which this phase begins, after it is written down. To be said before the change is begun. */
    crashAt: (phase: RemedyProgress["phase"]) => {
      fatal = phase;
    },
    runs: new RemedyRuns(deps),
  };
}

/** What outlives us: the database, and what was said. */
interface Kept {
  readonly records: Map<string, RunRecord>;
  readonly audit: string[];
  readonly phases: RemedyProgress[];
}

async function start(machine: Machine, kept: Kept = { records: new Map(), audit: [], phases: [] }): Promise<Ours> {
  return ourProcess(await machine.reach("root"), kept);
}

type Ours = ReturnType<typeof ourProcess>;

describe.each(releasesOfThisRun())("the guard on %s", (release) => {
  let machine: Machine;
  let connection: HostConnection;
  beforeAll(async () => {
    machine = await bootMachine(release);
    connection = await machine.reach("root");
    await machine.must(["ip", "link", "add", "br0", "type", "bridge"]);
    await machine.must(["ip", "link", "add", "vnet0", "type", "bridge"]);
  });
  afterAll(async () => {
    connection?.close();
    await machine?.dispose();
  });

  const isUp = async (dev: string) => (await machine.must(["ip", "-o", "link", "show", "dev", dev])).includes(",UP");
  const set = (dev: string, how: "up" | "down") => machine.must(["ip", "link", "set", "dev", dev, how]);
  const ended = (run: string, handle: string) =>
    eventually(
      () => outcome(connection, run, handle),
      ({ state }) => state !== "waiting" && state !== "undoing",
      15_000,
    );

  it("is asked of the systemd that it says", async () => {
    expect(await machine.must(["systemctl", "--version"])).toMatch(new RegExp(`^systemd ${releases[release]} `));
    expect(await machine.must(["cat", "/proc/1/comm"])).toBe("systemd\n");
  });

  it.each(hostileNames)("undoes the interface %s under its own name, and leaves vnet0 alone", async (dev) => {
    await machine.must(["ip", "link", "add", "name", dev, "type", "bridge"]);
    await set(dev, "up");
    await set("vnet0", "up");
    const run = newRunId();
    const handle = await arm(
      connection,
      run,
      1_000,
      undoScript({ steps: [step(["ip", "link", "set", "dev", dev, "down"])] }),
    );
    expect(handle).toMatch(/^systemd /);
    expect(await outcome(connection, run, handle)).toEqual({ state: "waiting" });
    expect(await ended(run, handle)).toEqual({ state: "undone" });
    expect(await isUp(dev)).toBe(false);
    expect(await isUp("vnet0")).toBe(true);
    await machine.must(["ip", "link", "del", "dev", dev]);
  });

  it("puts an argument back byte for byte", async () => {
    const alias = `a  b %n %%i %% $$ \${X} $(id) \\n \\\\ 'q' "d" ;&| é\nnext`;
    const run = newRunId();
    const undo = undoScript({ steps: [step(["ip", "link", "set", "dev", "br0", "alias", alias])] });
    expect(await ended(run, await arm(connection, run, 1_000, undo))).toEqual({ state: "undone" });
    // From the kernel: the `ip -j` of Debian 11 escapes no quote in an alias.
    expect(await machine.must(["cat", "/sys/class/net/br0/ifalias"])).toBe(
      `${Buffer.from(alias).toString("latin1")}\n`,
    );
    await machine.must(["ip", "link", "set", "dev", "br0", "alias", ""]);
  });

  it("tells which step failed, and tries the others", async () => {
    await set("br0", "up");
    const run = newRunId();
    const undo = undoScript({
      steps: [step(["ip", "link", "set", "dev", "br0", "down"]), step(["ip", "link", "set", "dev", "nobody0", "down"])],
    });
    const result = await ended(run, await arm(connection, run, 1_000, undo));
    expect(result).toMatchObject({
      state: "not-undone",
      failed: [{ step: 1, exit: 1, said: expect.stringContaining("nobody0") }],
    });
    expect(await isUp("br0")).toBe(false);
  });

  it("does nothing once disarmed, and leaves no unit", async () => {
    await set("br0", "up");
    const run = newRunId();
    const undo = undoScript({ steps: [step(["ip", "link", "set", "dev", "br0", "down"])] });
    const handle = await arm(connection, run, 2_000, undo);
    expect(await disarm(connection, run, handle)).toEqual({ state: "disarmed" });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await isUp("br0")).toBe(true);
    expect(await outcome(connection, run, handle)).toEqual({ state: "disarmed" });
    expect(await machine.must(["systemctl", "list-units", "--all", "--no-legend", `${unitName(run)}*`])).toBe("");
  });

  it("says that it vanished when somebody stops the timer, and keeps its record from all but root", async () => {
    const run = newRunId();
    const handle = await arm(connection, run, 60_000, undoScript({ steps: [step(["ip", "link"])] }));
    await machine.must(["systemctl", "stop", `${unitName(run)}.timer`]);
    expect(await outcome(connection, run, handle)).toEqual({ state: "unknown", because: "vanished" });
    expect((await machine.exec(["runuser", "-u", "noc", "--", "ls", "/run/taproot-undo"])).status).not.toBe(0);
  });

  it("is refused by a narrow sudo before anything is shown, which counts as root for reading", async () => {
    await machine.write("/etc/sudoers.d/narrow", "noc ALL=(root) NOPASSWD: /usr/bin/dmesg -r\n", 0o440);
    const noc = await machine.reach("noc");
    expect(noc.root).toBe("sudo");
    expect(await whyNotArm(noc)).toMatchObject({ ours: false, says: expect.stringMatching(/^sudo: /) });
    await machine.write("/etc/sudoers.d/narrow", "noc ALL=(root) NOPASSWD: ALL\n", 0o440);
    expect(await whyNotArm(noc)).toBeUndefined();
    noc.close();
  });

  describe("a change that is cut off", () => {
    /** A bridge that was set down, and the change that sets it up, up to where it is armed and applied. */
    async function begin(w: Ours) {
      await set("br0", "down");
      await w.host.reread(Object.keys(probes) as ProbeId[]);
      const finding = w.host.engine.snapshot().findings.find((f) => f.key === "bridge-down@m/bridge/br0");
      expect(finding).toMatchObject({ status: "fail", remedies: ["set-up"] });
      const shown = await w.runs.plan("m", finding?.key ?? "");
      await w.runs.apply(shown.run, "operator");
      return shown.run;
    }
    const dead = (w: Ours) =>
      eventually(
        () => w.host.connection(),
        (c) => c === undefined,
        30_000,
      );
    const plug = () =>
      machine.must([
        "sh",
        "-ec",
        "ip link add port0 type veth peer name far0; ip link set port0 master br0 up; ip link set far0 up",
      ]);
    beforeAll(plug);

    it("by a crash of ours reads as undone, for the host has undone it", async () => {
      const w = await start(machine);
      w.crashAt("settling");
      const run = await begin(w);
      await dead(w);
      expect(await isUp("br0")).toBe(true);
      expect(w.records.get(run)).toMatchObject({ guard: expect.stringMatching(/^systemd /), phase: "settling" });
      await (await start(machine, w.kept)).runs.recover("m");
      expect(w.audit).toEqual([
        expect.stringMatching(/^undone: the host undid the change by itself; the check says now/),
      ]);
      expect(w.records.get(run)).toMatchObject({ phase: "undone", settled: true });
      expect(await isUp("br0")).toBe(false);
    });

    it("between disarming and its answer reads as kept, and can be taken back", async () => {
      const w = await start(machine);
      const run = await begin(w);
      w.crashAtDisarming();
      await dead(w);
      expect(w.records.get(run)).toMatchObject({ phase: "verifying", disarming: "verified" });
      const later = await start(machine, w.kept);
      await later.runs.recover("m");
      expect(w.audit).toEqual([expect.stringMatching(/^kept: verified before it was cut off/)]);
      expect(await isUp("br0")).toBe(true);
      await later.runs.undo(run, "operator");
      expect(await isUp("br0")).toBe(false);
    });

    it("by a reboot of the host reads as unknown, with what the check says now", async () => {
      const w = await start(machine);
      w.crashAt("settling");
      const run = await begin(w);
      await dead(w);
      await machine.reboot();
      await machine.must(["ip", "link", "add", "br0", "type", "bridge"]);
      await plug();
      const later = await start(machine, w.kept);
      await later.host.reread(Object.keys(probes) as ProbeId[]);
      await later.runs.recover("m");
      expect(w.records.get(run)).toMatchObject({ phase: "unknown", settled: true });
      expect(w.audit.at(-1)).toMatch(/^unknown: the host has been rebooted since.*; the check says now: /);
      // It may be taken back all the same.
      await later.runs.undo(run, "operator");
      expect(w.records.get(run)).toMatchObject({
        phase: "undone",
        says: { id: "takenBack", params: { who: "operator" } },
      });
    });
  });
});
