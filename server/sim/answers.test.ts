import { describe, expect, it } from "vitest";
import type { Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import { Answers, answered, notInstalled } from "./answers";
import { buildHost } from "./build";
import { SimMachine } from "./host";
import { incidentKinds, makeIncident } from "./incidents";
import { random } from "./random";

const now = Date.UTC(2026, 0, 5, 10);
const all: readonly Probe[] = Object.values(probes);
const asked = all.filter((probe) => probe.tier !== "fleet");

function machine(): SimMachine {
  return new SimMachine(buildHost(7, 0, 12, now), () => now);
}

/** Throws where the probe cannot take what the simulated host prints. */
function read(probe: Probe, host: SimMachine, uid = 0): unknown {
  const { stdout, exit } = new Answers(host, uid).answer(probe.id, now);
  expect(exit, `probe ${probe.id}: exit status`).toBe(0);
  const value = probe.parse({ stdout, exit });
  return probe.fact.parse(value);
}

/** Without an answer a check that needs the probe stands as unknown on every host of the demo, beside a break that is real. */
describe("the simulated host", () => {
  it("answers every probe, or says why its tool is left out: add the new one to printers or to notInstalled", () => {
    const missing = asked.filter(({ id }) => !answered.has(id) && !notInstalled.has(id)).map(({ id }) => id);
    expect(missing, "probes without an answer in server/sim/answers.ts").toEqual([]);
  });

  it("knows no probe that is not there, and none twice", () => {
    const ids = new Set<string>(all.map(({ id }) => id));
    expect([...answered, ...notInstalled.keys()].filter((id) => !ids.has(id))).toEqual([]);
    expect([...notInstalled.keys()].filter((id) => answered.has(id))).toEqual([]);
  });

  it.each(asked.filter(({ id }) => answered.has(id)))("prints what $id can read, as root and as nobody", (probe) => {
    expect(() => read(probe, machine())).not.toThrow();
    expect(() => read(probe, machine(), 1000)).not.toThrow();
  });

  it.each(asked.filter(({ id }) => notInstalled.has(id)))("has no tool for $id", ({ id }) => {
    expect(new Answers(machine(), 0).answer(id, now)).toEqual({ stdout: Buffer.alloc(0), exit: 127 });
  });

  it.each(incidentKinds.map((kind) => [kind]))("is still read by every probe during %s", (kind) => {
    const host = machine();
    const incident = makeIncident(kind, host, random(3), 0, 1);
    incident?.apply();
    for (const probe of asked) if (answered.has(probe.id)) read(probe, host);
    incident?.mend();
    for (const probe of asked) if (answered.has(probe.id)) read(probe, host);
  });
});
