import { afterEach, describe, expect, it } from "vitest";
import { probes } from "@/lib/probes/registry";
import { becauseOf } from "@/lib/text/findings";
import { makeEngine } from "@/server/collector/engine";
import { scanHost } from "@/server/collector/scan";
import type { HostConnection, ProbeRun } from "@/server/collector/ssh/api";
import { connect } from "@/server/collector/ssh/connect";
import { answered } from "./answers";
import { type Sim, type SimHost, startSim } from "./index";

const all = Object.values(probes);
let sim: Sim | undefined;
const open = new Set<HostConnection>();

afterEach(async () => {
  for (const connection of open) connection.close();
  open.clear();
  await sim?.stop();
  sim = undefined;
});

async function start(options: Partial<Parameters<typeof startSim>[0]> = {}): Promise<{ sim: Sim; host: SimHost }> {
  sim = await startSim({ hosts: 1, guests: 6, seed: 7, ...options });
  const [host] = sim.hosts;
  if (host === undefined) throw new Error("no host");
  return { sim, host };
}

async function login(from: Sim, at = 0): Promise<HostConnection> {
  const spec = from.specs()[at];
  if (spec === undefined) throw new Error("no spec");
  const connection = await connect(spec, { lines: () => from.knownHosts() });
  open.add(connection);
  return connection;
}

async function look(from: Sim) {
  const spec = from.specs()[0];
  if (spec === undefined) throw new Error("no spec");
  return scanHost(spec, { connect, makeEngine, keys: { lines: () => from.knownHosts() }, sweeps: 1 });
}

const fails = (scan: Awaited<ReturnType<typeof look>>) =>
  scan.snapshot.findings.filter((finding) => finding.status !== "unknown").map((finding) => finding.key);

describe("a healthy simulated host", () => {
  it("answers every probe that it knows in the tools' own format", async () => {
    const { sim: fleet } = await start();
    const connection = await login(fleet);
    expect(connection.root).toBe("direct");
    expect(connection.hostname).toBe("kvm-01");
    const runs = await connection.sweep(all);
    const bad = runs.filter((run) => (answered.has(run.id) ? run.outcome !== "ok" : run.outcome !== "absent"));
    expect(bad.map(({ id, outcome, detail }) => ({ id, outcome, detail }))).toEqual([]);
  });

  it("gives neither fail nor warn, and leaves no check unjudged", async () => {
    const { sim: fleet } = await start({ guests: 20 });
    const scan = await look(fleet);
    expect(scan.failure).toBeUndefined();
    expect(
      scan.snapshot.findings.map((finding) => `${finding.status} ${finding.key}: ${becauseOf(finding, "en") ?? ""}`),
    ).toEqual([]);
    expect(scan.snapshot.nodes.filter((node) => node.kind === "vm")).toHaveLength(20);
  });

  it("is the same from the same seed", async () => {
    const { host } = await start();
    const first = JSON.stringify([...host.machine.state.guests.values()]);
    const key = host.key.fingerprint;
    await sim?.stop();
    const again = await start();
    expect(JSON.stringify([...again.host.machine.state.guests.values()])).toBe(first);
    expect(again.host.key.fingerprint).toBe(key);
  });
});

describe("its incidents", () => {
  it("cable pulled: the NIC and the bond's member, no guest", async () => {
    const { sim: fleet, host } = await start();
    host.setCarrier("nic0", false);
    const scan = await look(fleet);
    const nic = [...host.machine.state.links.values()].find((link) => link.kind === "nic");
    expect(fails(scan)).toContain(`nic-no-carrier@kvm-01/nic/${nic?.name}`);
    expect(scan.snapshot.findings.flatMap((finding) => finding.impacts)).toEqual([]);
  });

  it("all cables pulled: every wire from the dead bond to the guests behind it looks as they do", async () => {
    const { sim: fleet, host } = await start({ guests: 12 });
    for (const nic of ["nic0", "nic1"]) host.setCarrier(nic, false);
    const { nodes, edges, findings } = (await look(fleet)).snapshot;
    // The twelfth is behind NAT: the way out of its host is as dead.
    expect(new Set(findings.flatMap(({ impacts }) => impacts)).size).toBe(12);
    expect(edges.find(({ kind }) => kind === "routed")?.status).toBe("impacted");
    const suffers = new Set(
      nodes.flatMap(({ id, status }) => (status === "impacted" || status === "fail" ? [id] : [])),
    );
    const inner = edges.filter(({ kind, from, to }) => kind !== "gateway" && suffers.has(from) && suffers.has(to));
    expect(inner.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["vlan-parent", "uplink", "bridge-port", "vnic-vm", "routed"]),
    );
    expect(inner.filter(({ status }) => status === "ok").map(({ id }) => id)).toEqual([]);
  });

  it("TAP off its bridge: that guest", async () => {
    const { sim: fleet, host } = await start();
    const guest = [...host.machine.state.guests.keys()][0] ?? "";
    host.detachTap(guest);
    const scan = await look(fleet);
    const finding = scan.snapshot.findings.find((entry) => entry.check === "tap-not-enslaved");
    expect(finding?.impacts).toEqual([`kvm-01/vm/${guest}`]);
    host.attachTap(guest);
    expect(fails(await look(fleet))).toEqual([]);
  });

  it("default route gone", async () => {
    const { sim: fleet, host } = await start();
    host.machine.setDefaultRoute(false);
    expect(fails(await look(fleet)).map((key) => key.split("@")[0])).toContain("gateway-missing");
  });
});

describe("its connection", () => {
  it("streams what changes", async () => {
    const { sim: fleet, host } = await start();
    const connection = await login(fleet);
    const lines: string[] = [];
    await connection.follow({ onLine: (source, line) => lines.push(`${source} ${line}`), onSource: () => undefined });
    await connection.sweep([probes["ip-link"]]);
    host.setCarrier("nic1", false);
    const guest = [...host.machine.state.guests.keys()][0] ?? "";
    host.machine.stopGuest(guest);
    await expect.poll(() => lines.join("\n")).toContain("Stopped Destroyed");
    const text = lines.join("\n");
    expect(text).toMatch(
      /^ip-monitor \[\d{4}-\d\d-\d\dT[\d:.]{15}\] 3: \S+: <NO-CARRIER,BROADCAST,MULTICAST,SLAVE,UP> /m,
    );
    expect(text).toMatch(
      /^kernel-log \[ *[\d.]+\] bond0: \(slave \S+\): link status definitely down, disabling slave$/m,
    );
    expect(text).toMatch(/^bridge-monitor Deleted fe:54:00:\S+ dev vnet0 master br0/m);
    expect(text).toContain(`event 'lifecycle' for domain '${guest}': Stopped Destroyed`);
  });

  it("hangs, and is noticed", async () => {
    const { sim: fleet, host } = await start();
    const connection = await login(fleet);
    host.hang();
    const failure = await connection.closed;
    expect(failure.message).toContain("silent");
  }, 20_000);

  it("prints rubbish: every probe is garbled, none is believed", async () => {
    const { sim: fleet, host } = await start();
    host.garbage(50_000);
    const runs = await (await login(fleet)).sweep(all);
    expect(runs.filter((run) => run.outcome === "ok").map((run) => run.id)).toEqual([]);
  });

  it("shows another key: refused", async () => {
    const { sim: fleet, host } = await start();
    const known = fleet.knownHosts();
    host.changeKey();
    const [spec] = fleet.specs();
    if (spec === undefined) throw new Error("no spec");
    await expect(connect(spec, { lines: () => known })).rejects.toMatchObject({ kind: "key-changed" });
  });

  it("restarts: the connection is lost, its guests come back", async () => {
    const { sim: fleet, host } = await start();
    const connection = await login(fleet);
    host.reboot();
    expect((await connection.closed).kind).toBe("lost");
    expect(fails(await look(fleet))).toEqual([]);
  });

  it("refuses what it does not know, aloud", async () => {
    const { sim: fleet } = await start();
    const connection = await login(fleet);
    const strange = await connection.run(["nft", "flush", "ruleset"]);
    expect(strange.exit).toBe(127);
    expect(strange.stderr).toContain("nft flush ruleset: command not found");
    const script = await connection.script("rm -rf /", []);
    expect(script.exit).toBe(127);
  });

  it("runs the remedies' commands", async () => {
    const { sim: fleet, host } = await start();
    const connection = await login(fleet);
    const guest = [...host.machine.state.guests.keys()][0] ?? "";
    const tap = host.detachTap(guest);
    expect(await connection.run(["ip", "link", "set", "dev", tap, "master", "br0"])).toMatchObject({ exit: 0 });
    expect(fails(await look(fleet))).toEqual([]);
    expect(await connection.run(["ip", "link", "set", "dev", "no such", "up"])).toMatchObject({
      exit: 1,
      stderr: 'Cannot find device "no such"\n',
    });
  });

  it("ends a probe that is stuck, and reads the others", async () => {
    const { sim: fleet, host } = await start();
    const connection = await login(fleet);
    host.spoil("bridge-link", "stuck");
    const quick = { ...probes["bridge-link"], timeoutMs: 300 };
    const runs: ProbeRun[] = await connection.sweep([probes["ip-link"], quick, probes["ip-addr"]]);
    expect(runs.map((run) => run.outcome)).toEqual(["ok", "timeout", "ok"]);
  });

  it("without root: what needs it is refused", async () => {
    const { sim: fleet } = await start({ root: "none", user: "noc" });
    const connection = await login(fleet);
    expect(connection.root).toBe("none");
    const runs = await connection.sweep(all);
    for (const probe of all)
      if (probe.privilege === "root") expect(runs.find((run) => run.id === probe.id)?.outcome).toBe("refused");
  });
});

it("sudo by password: a root shell with the right one, none with another", async () => {
  const { sim: fleet } = await start({ root: "password", user: "noc", password: "pässword" });
  const [spec] = fleet.specs();
  if (spec === undefined) throw new Error("no spec");
  const keys = { lines: () => fleet.knownHosts() };
  const right = await connect({ ...spec, sudo: { kind: "password", password: "pässword" } }, keys);
  open.add(right);
  expect(right.root).toBe("sudo");
  expect((await right.sweep(all)).filter((run) => run.outcome === "refused")).toEqual([]);
  const wrong = await connect({ ...spec, sudo: { kind: "password", password: "x" } }, keys);
  open.add(wrong);
  expect(wrong).toMatchObject({ root: "none", rootReason: "sudo turned the password down" });
  const none = await connect(spec, keys);
  open.add(none);
  expect(none.root).toBe("none");
});

it("a fleet of 40 hosts: all answer", async () => {
  const { sim: fleet } = await start({ hosts: 40, guests: 30 });
  const connections = await Promise.all(fleet.hosts.map((_, at) => login(fleet, at)));
  const runs = await Promise.all(connections.map((connection) => connection.sweep(all)));
  const bad = runs.flat().filter((run) => answered.has(run.id) && run.outcome !== "ok");
  expect(bad.map(({ id, outcome, detail }) => ({ id, outcome, detail }))).toEqual([]);
}, 60_000);
