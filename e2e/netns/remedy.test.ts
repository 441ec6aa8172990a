import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commandsOf } from "@/lib/changes/change";
import { type ProbeId, probes } from "@/lib/probes/registry";
import { assess } from "@/lib/remedies/assess";
import type { RemedyContext } from "@/lib/remedies/define";
import { managementPath } from "@/lib/remedies/management";
import type { RemedyProgress } from "@/lib/wire/jobs/remedy";
import type { HostInfo } from "@/lib/wire/model";
import { makeEngine } from "@/server/collector/engine";
import type { RemedyDeps, RemedyHost, RunRecord } from "@/server/collector/remedy/api";
import { runOn } from "@/server/collector/remedy/commands";
import { keptFolder, keptOf } from "@/server/collector/remedy/files";
import { arm, disarm, newRunId, outcome, undoScript } from "@/server/collector/remedy/guard";
import { askGuests } from "@/server/collector/remedy/guests";
import { RemedyRuns } from "@/server/collector/remedy/runs";
import { unitName } from "@/server/collector/remedy/unit";
import type { HostConnection } from "@/server/collector/ssh/api";
import { factsOf, reportsOf } from "@/server/collector/sweep-facts";
import { makeHost, type NetnsHost } from "./host";
import { eventually, reach } from "./support";

let host: NetnsHost;
let connection: HostConnection;
beforeAll(async () => {
  host = await makeHost({ name: "remedy" });
  connection = await reach(host);
});
afterAll(async () => {
  connection?.close();
  await host?.dispose();
});

const flags = async () =>
  (await host.must(["ip", "-o", "link", "show", "dev", "br0"])).replace(/.*<(.*)>.*/s, "$1").split(",");
const isUp = async () => (await flags()).includes("UP");

const plan = (dev: string) => ({ steps: [commandsOf({ kind: "up", device: dev, to: "up", was: "down" })] }) as const;

/** All of them valid to the kernel (no blank, no slash, at most 15 bytes), and each expanded by something on the way that is not as it should be. */
const hostileNames = ["-$(id>x);`id`'", `vnet\${X}0`, "a$$b", 'q"\\n;#&|<', "$HOME*?[a]!"];

describe("the guard on a real host, without systemd", () => {
  beforeEach(() => host.must(["ip", "link", "set", "dev", "br0", "up"]));

  it("fires by itself when nobody disarms it, also when the connection is gone", async () => {
    const own = await reach(host);
    const run = newRunId();
    const handle = await arm(own, run, 2_000, undoScript(plan("br0")));
    expect(await outcome(own, run, handle)).toEqual({ state: "waiting" });
    own.close();
    expect(await isUp()).toBe(true);
    await eventually(isUp, (up) => !up, 8_000);
    await eventually(
      () => outcome(connection, run, handle),
      ({ state }) => state === "undone",
      3_000,
    );
    expect(await disarm(connection, run, handle)).toEqual({ state: "undone" });
  });

  it("does nothing once disarmed, and leaves nothing running", async () => {
    const before = (await host.strays()).length;
    const run = newRunId();
    const handle = await arm(connection, run, 2_000, undoScript(plan("br0")));
    expect((await host.strays()).length).toBeGreaterThan(before);
    expect(await disarm(connection, run, handle)).toEqual({ state: "disarmed" });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await isUp()).toBe(true);
    expect((await host.strays()).length).toBe(before);
  });

  // Our process was killed while the host's shell was about to arm: the new one disarms first, and the arming comes after.
  it("cannot be armed any more once what was never heard of is disarmed", async () => {
    const run = newRunId();
    expect(await disarm(connection, run, null)).toEqual({ state: "disarmed" });
    await expect(arm(connection, run, 1_000, undoScript(plan("br0")))).rejects.toThrow("is there already");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await isUp()).toBe(true);
    const armed = newRunId();
    const handle = await arm(connection, armed, 1_000, undoScript(plan("br0")));
    expect(await disarm(connection, armed, null)).toEqual({ state: "disarmed" });
    expect(await outcome(connection, armed, handle)).toEqual({ state: "disarmed" });
  });

  it("fires by itself when the connection's processes are killed on the host", async () => {
    const own = await reach(host);
    const run = newRunId();
    const handle = await arm(own, run, 2_000, undoScript(plan("br0")));
    for (const { pid, command } of await host.processes())
      if (command.startsWith("sshd: ")) process.kill(pid, "SIGKILL");
    await own.closed;
    await eventually(isUp, (up) => !up, 8_000);
    connection = await reach(host);
    await eventually(
      () => outcome(connection, run, handle),
      ({ state }) => state === "undone",
      3_000,
    );
  });

  it.each(hostileNames)("undoes the interface %s under its own name, and runs nothing of it", async (dev) => {
    const neighbour = "vnet0";
    for (const name of [dev, neighbour]) {
      await host.must(["ip", "link", "add", "name", name, "type", "bridge"]);
      await host.must(["ip", "link", "set", "dev", name, "up"]);
    }
    const line = (name: string) => host.must(["ip", "-o", "link", "show", "dev", name]);
    const run = newRunId();
    const handle = await arm(connection, run, 1_000, undoScript(plan(dev)));
    await eventually(
      () => line(dev),
      (text) => !text.includes(",UP"),
      8_000,
    );
    await eventually(
      () => outcome(connection, run, handle),
      ({ state }) => state === "undone",
      3_000,
    );
    expect(await line(neighbour)).toContain(",UP");
    for (const name of [dev, neighbour]) await host.must(["ip", "link", "del", "dev", name]);
  });

  // The kernel takes no `%` in a name but in its own templates, and no blank; an alias holds anything.
  it("puts an argument back byte for byte", async () => {
    const alias = `a  b %n %%i $$ \${X} $(id) \\n \\\\ 'q' "d" ;&| é\nnext`;
    const undo = undoScript({
      steps: [{ ...plan("br0").steps[0], undo: ["ip", "link", "set", "dev", "br0", "alias", alias] }],
    });
    await arm(connection, newRunId(), 1_000, undo);
    const now = async () => JSON.parse(await host.must(["ip", "-j", "link", "show", "dev", "br0"]))[0].ifalias;
    const wanted = Buffer.from(alias).toString("latin1");
    await eventually(now, (text) => text === wanted, 8_000);
  });

  it("tells which step of an undo failed, with the host's words, and tries all others", async () => {
    const run = newRunId();
    const undo = undoScript({ steps: [plan("br0").steps[0], plan("nobody0").steps[0]] });
    const handle = await arm(connection, run, 1_000, undo);
    const result = await eventually(
      () => outcome(connection, run, handle),
      ({ state }) => state === "not-undone",
      8_000,
    );
    expect(result).toMatchObject({ failed: [{ step: 1, exit: 1, said: expect.stringContaining("nobody0") }] });
    expect(await isUp()).toBe(false);
  });

  it("asks guests: an address that answers, and one that does not", async () => {
    await host.exec(["ip", "addr", "add", "192.0.2.1/24", "dev", "br0"]);
    const answers = await askGuests(
      connection,
      new Map([
        ["here", ["192.0.2.1"]],
        ["gone", ["192.0.2.77"]],
        ["nameless", []],
      ]),
    );
    expect(Object.fromEntries(answers)).toEqual({ here: "icmp", gone: "silent", nameless: "no-address" });
  });
});

describe("a file of a change, on a real host", () => {
  const [path, old, next] = ["/run/taproot-netns-test/interfaces", "auto br0\n", "auto br0\n  mtu 9000\n"];
  const file = keptOf({ path, text: next, was: old });
  const text = () => host.must(["cat", path]);
  beforeEach(async () => {
    await host.must(["mkdir", "-p", "/run/taproot-netns-test"]);
    await host.must(["sh", "-c", `printf %s '${old}' >${path}; chmod 640 ${path}`]);
  });
  afterAll(async () => {
    await host?.must(["rm", "-rf", "/run/taproot-netns-test"]);
  });

  it("is written, and put back by the guard byte for byte when nobody disarms it", async () => {
    const run = newRunId();
    expect(await runOn(connection, { file, text: next }, { run, at: 0 })).toMatchObject({ exit: 0 });
    expect(await text()).toBe(next);
    const handle = await arm(connection, run, 1_000, undoScript({ steps: [{ undo: { file } }] }));
    await eventually(text, (now) => now === old, 8_000);
    expect(await host.must(["stat", "-c", "%a", path])).toBe("640\n");
    await eventually(
      () => outcome(connection, run, handle),
      ({ state }) => state === "undone",
      3_000,
    );
    await host.must(["rm", "-rf", `${keptFolder}/${unitName(run)}`]);
  });

  it("is left alone by the guard where somebody else has changed it since, which is said", async () => {
    const run = newRunId();
    await runOn(connection, { file, text: next }, { run, at: 0 });
    await host.must(["sh", "-c", `echo mine >${path}`]);
    const handle = await arm(connection, run, 1_000, undoScript({ steps: [{ undo: { file } }] }));
    const result = await eventually(
      () => outcome(connection, run, handle),
      ({ state }) => state === "not-undone",
      8_000,
    );
    expect(result).toMatchObject({ failed: [{ step: 0, said: expect.stringContaining("changed by somebody else") }] });
    expect(await text()).toBe("mine\n");
    await host.must(["rm", "-rf", `${keptFolder}/${unitName(run)}`]);
  });
});

/** The real engine and the real connection, without the fleet around them. */
function remedyWorld(id: string) {
  const info: HostInfo = {
    id,
    name: id,
    address: host.ssh.address,
    state: "live",
    since: Date.now(),
    seenAt: null,
    demo: false,
  };
  const engine = makeEngine(info, "test", {});
  const phases: RemedyProgress[] = [];
  const audit: string[] = [];
  const records = new Map<string, RunRecord>();
  const remedyHost: RemedyHost = {
    info: () => info,
    engine,
    connection: () => connection,
    async reread(ids: readonly ProbeId[]) {
      const runs = await connection.sweep(ids.map((one) => probes[one]));
      engine.read(factsOf(runs), reportsOf(runs), Date.now());
    },
  };
  const deps: RemedyDeps = {
    host: (one) => (one === id ? remedyHost : undefined),
    store: {
      put: async (r) => void records.set(r.run, r),
      get: async (run) => records.get(run),
      open: async () => [],
    },
    audit: (row) => void audit.push(row.outcome),
    progress: (p) => void phases.push(p),
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  return { engine, remedyHost, runs: new RemedyRuns(deps), phases, audit };
}

describe("the button, on a real bridge", () => {
  it("sets a bridge up that somebody set down, and takes it back on request", async () => {
    await host.must(["ip", "link", "set", "dev", "br0", "down"]);
    const world = remedyWorld("netns");
    await world.remedyHost.reread(Object.keys(probes) as ProbeId[]);
    const finding = world.engine.snapshot().findings.find((f) => f.check === "bridge-down");
    expect(finding).toMatchObject({ status: "fail", subject: "netns/bridge/br0", remedies: ["set-up"] });
    const shown = await world.runs.plan("netns", finding?.key ?? "");
    expect(shown.options).toMatchObject([
      { steps: [{ do: "ip link set dev br0 up", undo: "ip link set dev br0 down" }] },
    ]);
    await world.runs.apply(shown.run, "operator");
    await eventually(
      () => world.phases.at(-1)?.phase,
      (phase) => phase === "kept",
      30_000,
    );
    expect(await isUp()).toBe(true);
    expect(world.engine.snapshot().findings.find((f) => f.key === shown.finding)).toBeUndefined();
    await world.runs.undo(shown.run, "operator");
    expect(await isUp()).toBe(false);
    expect(world.audit).toHaveLength(2);
  });
});

describe("our own way to a host, by what its sshd says", () => {
  const look = async (): Promise<{ way: string[]; known: boolean }> => {
    const world = remedyWorld("netns");
    await world.remedyHost.reread(Object.keys(probes) as ProbeId[]);
    const { graph, facts } = world.engine;
    const { nodes, known } = managementPath(graph, facts, connection.reached);
    return { way: [...nodes].map((id) => id.slice("netns/".length)).sort(), known };
  };

  it("is the interface that holds the address of the connection", async () => {
    expect(connection.reached?.address).toBe(host.ssh.address);
    expect(connection.reached?.from).toMatch(/^169\.254\./);
    expect(await look()).toEqual({ way: ["veth/mgmt0"], known: true });
  });

  it("leads over a bridge to the cable, and what lies on it wants the host's name", async () => {
    const address = `${host.ssh.address}/30`;
    await host.must([
      ...["sh", "-ec"],
      `ip link add br9 type bridge; ip link set br9 up
ip addr del ${address} dev mgmt0; ip link set mgmt0 master br9; ip addr add ${address} dev br9`,
    ]);
    connection.close();
    connection = await reach(host);
    expect(await look()).toEqual({ way: ["bridge/br9", "veth/mgmt0"], known: true });
    const world = remedyWorld("netns");
    await world.remedyHost.reread(Object.keys(probes) as ProbeId[]);
    const { graph, facts } = world.engine;
    const finding = { impacts: [] } as unknown as RemedyContext["finding"];
    const says = { en: "", zh: "" };
    const of = (device: string) => {
      const change = { kind: "up", device, to: "down", was: "up" } as const;
      const plan = { steps: [{ says, change }], blinks: says } as const;
      return assess(plan, { graph, facts, finding }, managementPath(graph, facts, connection.reached)).management;
    };
    expect([of("br9"), of("mgmt0"), of("br0"), of("uplink0")]).toEqual(["at-risk", "at-risk", "clear", "clear"]);
  });
});
