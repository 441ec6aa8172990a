import { afterEach, beforeEach, expect, it } from "vitest";
import { arm, disarm, waiting } from "@/server/collector/remedy/guard";
import { askGuests } from "@/server/collector/remedy/guests";
import type { HostConnection } from "@/server/collector/ssh/api";
import { connect } from "@/server/collector/ssh/connect";
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
  const handle = await arm(
    connection,
    "0123456789abcdef01234567",
    60_000,
    "PATH=x\n'ip' 'link' 'set' 'dev' 'vnet0' 'down'",
  );
  expect(handle).toBe("systemd");
  expect(await waiting(connection, "0123456789abcdef01234567", handle)).toBe(true);
  expect(await disarm(connection, "0123456789abcdef01234567", handle)).toBe(true);
  expect(await disarm(connection, "0123456789abcdef01234567", handle)).toBe(false);
});

it("fires the undo by itself, also when nobody is connected any more", async () => {
  const tap = host.detachTap(guest().name);
  await arm(connection, "f".repeat(24), 1_000, `PATH=x\n'ip' 'link' 'set' 'dev' '${tap}' 'master' 'br0'`);
  connection.close();
  await expect.poll(() => host.machine.tap(guest().name).master, { timeout: 3_000 }).toBeDefined();
});

it("a guest answers its host only while its TAP leads there", async () => {
  const { name, nics } = guest();
  const address = nics[0]?.ip ?? "";
  const asked = new Map([["vm", [address]]]);
  expect((await askGuests(connection, asked)).get("vm")).toBe("icmp");
  host.detachTap(name);
  expect((await askGuests(connection, asked)).get("vm")).toBe("silent");
});
