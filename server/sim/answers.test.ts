import { describe, expect, it } from "vitest";
import { isAsked, type Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import { Answers, answered } from "./answers";
import { buildHost } from "./build";
import { SimMachine } from "./host";
import { incidentKinds, makeIncident } from "./incidents";
import type { Printer } from "./printer";
import { printers } from "./probes/registry";
import { random } from "./random";

const now = Date.UTC(2026, 0, 5, 10);
const all: readonly Probe[] = Object.values(probes);
const asked = all.filter(isAsked);

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
  it("answers every probe, or says why its tool is left out: a file of its name in server/sim/probes", () => {
    const known = Object.keys(printers);
    expect(asked.map(({ id }) => id).filter((id) => !known.includes(id))).toEqual([]);
    expect(known.filter((id) => !asked.some((probe) => probe.id === id))).toEqual([]);
    for (const [id, { notInstalled }] of Object.entries<Printer>(printers)) expect(notInstalled, id).not.toBe("");
  });

  it.each(asked.filter(({ id }) => answered.has(id)))("prints what $id can read, as root and as nobody", (probe) => {
    expect(() => read(probe, machine())).not.toThrow();
    expect(() => read(probe, machine(), 1000)).not.toThrow();
  });

  it.each(asked.filter(({ id }) => !answered.has(id)))("has no tool for $id", ({ id }) => {
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
