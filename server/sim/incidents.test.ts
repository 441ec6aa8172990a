import { describe, expect, it } from "vitest";
import { checks } from "@/lib/checks/registry";
import { makeEngine } from "@/server/collector/engine";
import { scanHost } from "@/server/collector/scan";
import { connect } from "@/server/collector/ssh/connect";
import { buildHost } from "./build";
import { SimMachine } from "./host";
import { incidentKinds, incidentScript, makeIncident } from "./incidents";
import { startSim } from "./index";
import { random } from "./random";

/** The check that each kind of incident must trip. A guest that is stopped is none of the first checks' business. */
const trips: ReadonlyMap<string, string> = new Map([
  ["cable-pulled", "nic-no-carrier"],
  ["both-cables-pulled", "bond-down"],
  ["nic-set-down", "nic-admin-down"],
  ["tap-off-bridge", "tap-not-enslaved"],
  ["tap-down", "tap-down"],
  ["guest-stopped", "domain-not-running"],
  ["gateway-gone", "arp-incomplete"],
  ["default-route-gone", "gateway-missing"],
  ["mtu-changed", "mtu-mismatch"],
]);

describe("incidents", () => {
  it.each(incidentKinds)("%s trips its check and nothing is left after it is mended", async (kind) => {
    const sim = await startSim({ hosts: 1, guests: 10, seed: 5 });
    try {
      const [host] = sim.hosts;
      const [spec] = sim.specs();
      if (host === undefined || spec === undefined) throw new Error("no host");
      const look = async () => {
        const scan = await scanHost(spec, { connect, makeEngine, keys: { lines: () => sim.knownHosts() }, sweeps: 1 });
        return scan.snapshot.findings.filter((finding) => finding.status !== "unknown").map((finding) => finding.check);
      };
      const incident = makeIncident(kind, host.machine, random(9), 0, 1000);
      expect(incident).toBeDefined();
      incident?.apply();
      const expected = trips.get(kind) ?? "";
      if (checks.some((check) => check.id === expected)) expect(await look()).toContain(expected);
      incident?.mend();
      expect(await look()).toEqual([]);
    } finally {
      await sim.stop();
    }
  });

  it("names a kind that does not exist", () => {
    const machine = new SimMachine(buildHost(1, 0, 1, 0), () => 0);
    expect(() => makeIncident("meteor", machine, random(1), 0, 1)).toThrow("meteor");
  });

  it("script: the same seed gives the same incidents, one host at a time", () => {
    const script = () => {
      const machines = [0, 1, 2].map((index) => new SimMachine(buildHost(1, index, 5, 1e12), () => 1e12));
      const incidents = incidentScript(machines, random(4), 20_000, 30_000);
      return Array.from({ length: 12 }, () => incidents.next().value).map((incident) =>
        incident ? `${incident.at} ${incident.mendedAt} ${incident.host} ${incident.says}` : "",
      );
    };
    expect(script()).toEqual(script());
    const hosts = script().map((line) => line.split(" ")[2]);
    expect(new Set(hosts.slice(0, 3)).size).toBe(3);
  });
});

it("plays the script of a demo in its time", async () => {
  const seen: string[] = [];
  const sim = await startSim({
    hosts: 2,
    guests: 4,
    seed: 2,
    incidents: { everyMs: 60, forMs: 50, onIncident: (incident, mended) => seen.push(`${incident.kind} ${mended}`) },
  });
  try {
    await expect.poll(() => seen.filter((line) => line.endsWith("true")).length, { timeout: 5_000 }).toBeGreaterThan(4);
  } finally {
    await sim.stop();
  }
  const count = seen.length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(seen.length).toBe(count);
});
