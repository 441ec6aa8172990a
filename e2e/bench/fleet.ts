/** (d) Many hosts in one collector: steady CPU and memory a host with a stream of events, and whether both grow no faster than the fleet. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startSim } from "@/server/sim";
import type { Row } from "./stats";

const root = fileURLToPath(new URL("../..", import.meta.url));
const guests = 30;
const eventsPerSecond = 20;
const steadyMs = 30_000;
/** Of memory a host. */
const mostMb = 2.4;

interface Load {
  readonly connectMs: number;
  /** Share of one core. */
  readonly cpu: number;
  readonly rssMb: number;
  readonly deltasPerSecond: number;
  readonly unwell: readonly (string | undefined)[];
}

export async function fleet(sizes: readonly [number, number]): Promise<Row[]> {
  const [small, large] = [await load(sizes[0]), await load(sizes[1])];
  const grown = sizes[1] / sizes[0];
  // Events are the same in both runs, so what they cost is taken from neither: cost a host can only fall.
  const row = (id: string, what: string, a: number, b: number, text: (value: number) => string): Row => ({
    id,
    what: `${what}, ${sizes[1]} hosts x ${guests} guests, ${eventsPerSecond} events/s`,
    ours: text(b),
    floor: `${sizes[0]} hosts ${text(a)}`,
    ratio: (b / a).toFixed(2),
    bound: `${grown.toFixed(0)} x (linear)`,
    holds: b / a <= grown * 1.1,
    note: `a host: ${text(b / sizes[1])}`,
  });
  const memory = (one: Row): Row => ({
    ...one,
    bound: `${one.bound} and ${mostMb} MB a host`,
    holds: one.holds === true && large.rssMb / sizes[1] <= mostMb,
  });
  return [
    row("d1", "steady CPU of the collector (1 = one core)", small.cpu, large.cpu, (v) => v.toFixed(4)),
    memory(row("d2", "memory of the collector above its start", small.rssMb, large.rssMb, (v) => `${v.toFixed(2)} MB`)),
  ];
}

async function load(hosts: number): Promise<Load> {
  const sim = await startSim({ hosts, guests, seed: 11, eventsPerSecond });
  try {
    const child = spawn(process.execPath, ["--expose-gc", "--import", "tsx", "e2e/bench/fleet-load.ts"], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(JSON.stringify({ specs: sim.specs(), known: sim.knownHosts(), steadyMs }));
    let text = "";
    for await (const chunk of child.stdout) text += chunk;
    const result = JSON.parse(text) as Load;
    if (result.unwell.length > 0)
      console.error(`${result.unwell.length} of ${hosts} hosts are not live: ${result.unwell[0]}`);
    console.error(
      `${hosts} hosts: connected in ${(result.connectMs / 1000).toFixed(1)} s, ${result.deltasPerSecond.toFixed(1)} deltas/s`,
    );
    return result;
  } finally {
    await sim.stop();
  }
}
