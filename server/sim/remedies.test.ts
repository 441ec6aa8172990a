import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { kinds } from "@/lib/changes/kinds/registry";
import { arm, disarm, outcome } from "@/server/collector/remedy/guard";
import { askGuests } from "@/server/collector/remedy/guests";
import type { HostConnection } from "@/server/collector/ssh/api";
import { connect } from "@/server/collector/ssh/connect";
import { runCommand } from "./commands";
import { type Sim, type SimHost, startSim } from "./index";

let sim: Sim;
let host: SimHost;
let connection: HostConnection;

beforeEach(async () => {
  sim = await startSim({ hosts: 1, guests: 3, seed: 1 });
  const [first] = sim.hosts;
  const [spec] = sim.specs();
  if (first === undefined || spec === undefined) throw new Error("no host");
  host = first;
  connection = await connect(spec, { lines: () => sim.knownHosts() });
});

afterEach(async () => {
  connection.close();
  await sim.stop();
});

const guest = () => {
  const first = [...host.machine.state.guests.values()][0];
  if (first === undefined) throw new Error("no guest");
  return first;
};

it("the guard of a change waits on the simulated host, and is disarmed in time", async () => {
  const run = "0123456789abcdef01234567";
  const handle = await arm(connection, run, 60_000, "step 0 'ip' 'link' 'set' 'dev' 'vnet0' 'down'");
  expect(handle).toMatch(/^systemd /);
  expect(await outcome(connection, run, handle)).toEqual({ state: "waiting" });
  expect(await disarm(connection, run, handle)).toEqual({ state: "disarmed" });
  expect(await disarm(connection, run, handle)).toEqual({ state: "disarmed" });
  expect(await outcome(connection, "0".repeat(24), null)).toEqual({ state: "unknown", because: "gone" });
});

it("fires the undo by itself, also when nobody is connected any more", async () => {
  const tap = host.detachTap(guest().name);
  await arm(connection, "f".repeat(24), 1_000, `step 0 'ip' 'link' 'set' 'dev' '${tap}' 'master' 'br0'`);
  connection.close();
  await expect.poll(() => host.machine.tap(guest().name).master, { timeout: 3_000 }).toBeDefined();
});

it("tells which step of an undo the simulated host turned down", async () => {
  const run = "e".repeat(24);
  const handle = await arm(connection, run, 1_000, "step 0 'ip' 'link' 'set' 'dev' 'nobody0' 'down'");
  await expect
    .poll(() => outcome(connection, run, handle), { timeout: 3_000 })
    .toMatchObject({
      state: "not-undone",
      failed: [{ step: 0 }],
    });
});

it("a guest answers its host only while its TAP leads there", async () => {
  const { name, nics } = guest();
  const address = nics[0]?.ip ?? "";
  const asked = new Map([["vm", [address]]]);
  expect((await askGuests(connection, asked)).get("vm")).toBe("icmp");
  host.detachTap(name);
  expect((await askGuests(connection, asked)).get("vm")).toBe("silent");
});

describe("a command of a change", () => {
  const all = Object.entries(kinds).map(([id, { example }]) => ({ id, ...example }));
  /** Those that the machine models answer as a host that lacks what they name. */
  const modelled = /^(?:ip link set |virsh .* (?:start|resume|destroy|suspend|domif-setlink) )/;

  it.each(all)("of kind $id is known without a word here", (example) => {
    for (const line of [example.do, example.undo]) {
      const { exit, stderr } = runCommand(host.machine, line.split(" "));
      expect(exit, `${line}: ${stderr}`).not.toBe(127);
      if (!modelled.test(line)) expect(host.machine.taken).toContain(line);
    }
  });

  it("that no kind begins with is not run, and says so", () => {
    for (const line of ["nft flush ruleset", "ip link del dev br0", "systemctl poweroff", "iptables -F", "sh -c id"])
      expect(runCommand(host.machine, line.split(" ")), line).toMatchObject({ exit: 127 });
  });

  it("names guests by their UUID", () => {
    const { name, uuid, nics } = guest();
    const virsh = (...words: string[]) => runCommand(host.machine, ["virsh", "-q", "-c", "qemu:///system", ...words]);
    expect(virsh("suspend", uuid).exit).toBe(0);
    expect(host.machine.guest(name).state).toBe("paused");
    expect(virsh("resume", uuid).exit).toBe(0);
    expect(virsh("domif-setlink", uuid, nics[0]?.mac ?? "", "down").exit).toBe(0);
    expect(host.machine.guest(name).nics[0]?.linkUp).toBe(false);
    expect(virsh("start", "no-such").exit).toBe(1);
  });
});
