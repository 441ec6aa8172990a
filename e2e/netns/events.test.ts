import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SourceId, sources } from "@/lib/events/registry";
import type { HostConnection } from "@/server/collector/ssh/api";
import { makeHost, makeUser, type NetnsHost, type TempUser } from "./host";
import { eventually, reach } from "./support";

let host: NetnsHost;
let connection: HostConnection;
const lines: { source: SourceId; line: string }[] = [];
const states: { source: SourceId; state: string; reason: string }[] = [];
const users: TempUser[] = [];

beforeAll(async () => {
  host = await makeHost({ name: "events", sshdConfig: ["PasswordAuthentication yes"] });
  connection = await reach(host);
  await connection.follow({
    onLine: (source, line) => lines.push({ source, line }),
    onSource: (source, state, reason) => states.push({ source, state, reason }),
  });
  await eventually(
    () => states.filter(({ state }) => state === "following").map(({ source }) => source),
    (following) => following.includes("ip-monitor") && following.includes("bridge-monitor"),
  );
});
afterAll(async () => {
  connection?.close();
  await host?.dispose();
  for (const one of users) await one.dispose();
});

describe("events", () => {
  it("tell of every source how it stands: followed, missing with its reason, or ended with its reason", async () => {
    const seen = await eventually(
      () => new Map(states.map(({ source, state, reason }) => [source, { state, reason }])),
      (all) => all.size === Object.keys(sources).length,
    );
    expect(seen.get("ip-monitor")?.state).toBe("following");
    const virsh = seen.get("virsh-event");
    expect(["missing", "ended", "following"]).toContain(virsh?.state);
    if (virsh?.state !== "following") expect(virsh?.reason).not.toBe("");
  });

  it("bring every link change, from both monitors", async () => {
    for (let round = 0; round < 20; round++) {
      lines.length = 0;
      const mtu = 1400 + round;
      await host.must(["ip", "link", "set", "dev", "tap0", "mtu", String(mtu)]);
      // Each by its own: one change may be more than one line of one monitor.
      for (const monitor of ["ip-monitor", "bridge-monitor"])
        await eventually(
          () => lines.some(({ source, line }) => source === monitor && line.includes(`mtu ${mtu}`)),
          (seen) => seen,
          5_000,
        );
    }
  });

  it("keep lines whole under a storm from several sources", async () => {
    lines.length = 0;
    await host.must([
      "sh",
      "-c",
      'i=0; while [ $i -lt 300 ]; do echo "neigh replace 169.254.255.$((i % 250)) lladdr 02:00:00:00:00:$(printf %02x $((i % 256))) dev br0 nud reachable"; echo "link set dev tap0 mtu $((1300 + i))"; i=$((i+1)); done | ip -batch -',
    ]);
    await eventually(
      () => lines.filter(({ source, line }) => source === "ip-monitor" && /tap0.* mtu 1599 /.test(line)).length,
      (count) => count > 0,
    );
    const mtus = lines
      .filter(({ source }) => source === "ip-monitor")
      .map(({ line }) => / tap0: .* mtu (\d+) qdisc/.exec(line)?.[1])
      .filter((mtu) => mtu !== undefined)
      .map(Number);
    expect([...new Set(mtus)]).toEqual(Array.from({ length: 300 }, (_, at) => 1300 + at));
  });

  it("report a source that ends, with its reason, and do not start it again at once", async () => {
    states.length = 0;
    const monitor = (await host.strays()).find(({ command }) => command.startsWith("bridge monitor"));
    if (!monitor) throw new Error("no bridge monitor runs");
    process.kill(monitor.pid, "SIGKILL");
    const [ended] = await eventually(
      () => states.filter(({ source }) => source === "bridge-monitor"),
      (all) => all.length > 0,
    );
    expect(ended).toMatchObject({ state: "ended", reason: expect.stringContaining("137") });
    expect((await host.strays()).some(({ command }) => command.startsWith("bridge monitor"))).toBe(false);
    await eventually(
      () => states.filter(({ source, state }) => source === "bridge-monitor" && state === "following"),
      (all) => all.length > 0,
      15_000,
    );
  });

  it("without root: what can be followed is, the rest says why", async () => {
    const one = await makeUser("none");
    users.push(one);
    const mine = await reach(host, { user: one.user, login: { kind: "password", password: one.password } });
    const seen = new Map<SourceId, string>();
    await mine.follow({
      onLine: () => undefined,
      onSource: (source, state, reason) => seen.set(source, `${state} ${reason}`),
    });
    await eventually(
      () => seen.size,
      (size) => size === Object.keys(sources).length,
    );
    expect(seen.get("ip-monitor")).toMatch(/^following/);
    expect(seen.get("bridge-monitor")).toMatch(/^following/);
    mine.close();
  });
});
