/** Child of the fleet bench: a collector's fleet over simulated hosts of another process; prints what it costs. Arguments: JSON of specs and known_hosts on stdin. */
import { probes } from "@/lib/probes/registry";
import { HostSpec } from "@/lib/wire/rest";
import { makeEngine } from "@/server/collector/engine";
import { Fleet } from "@/server/collector/fleet/fleet";
import { connect } from "@/server/collector/ssh/connect";
import { sleep } from "./stats";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const given = JSON.parse(text) as { specs: unknown[]; known: string[]; steadyMs: number };
const specs = given.specs.map((spec) => HostSpec.parse(spec));
const collect = () => (globalThis.gc ?? (() => undefined))();
collect();
const baseRss = process.memoryUsage().rss;
let deltas = 0;
const fleet = new Fleet({
  epoch: "bench",
  connect,
  keys: { lines: () => given.known },
  makeEngine,
  probes,
  memory: { get: () => Promise.resolve({}), put: () => Promise.resolve() } as never,
  problems: {
    put: () => Promise.resolve(),
    close: () => Promise.resolve(),
    openOf: () => Promise.resolve([]),
  } as never,
  settings: {},
  log: () => undefined,
  onDelta: () => void deltas++,
  onFleet: () => undefined,
});
const begun = Date.now();
for (const spec of specs) await fleet.add(spec, true);
const live = () =>
  fleet.hosts().filter((actor) => actor.info.state === "live" || actor.info.state === "degraded").length;
while (live() < specs.length) {
  if (Date.now() - begun > 300_000) throw new Error(`only ${live()} of ${specs.length} hosts are live after 300 s`);
  await sleep(200);
}
const connectMs = Date.now() - begun;
await sleep(10_000);
collect();
deltas = 0;
const cpu = process.cpuUsage();
const from = performance.now();
await sleep(given.steadyMs);
const used = process.cpuUsage(cpu);
const spanMs = performance.now() - from;
collect();
console.log(
  JSON.stringify({
    connectMs,
    cpu: (used.user + used.system) / 1000 / spanMs,
    rssMb: (process.memoryUsage().rss - baseRss) / 1048576,
    deltasPerSecond: (deltas * 1000) / spanMs,
    unwell: fleet
      .hosts()
      .filter((actor) => actor.info.state !== "live")
      .map((actor) => actor.info.reason),
  }),
);
process.exit(0);
