/**
 * Child of the chaos run: a collector's fleet over simulated hosts of its parent. Specs and known_hosts come as the first message; every MTU that a delta shows goes back with the time at which
 * the fleet published it, which is where the bus takes it up.
 */
import { monitorEventLoopDelay, PerformanceObserver, performance } from "node:perf_hooks";
import { probes } from "@/lib/probes/registry";
import { HostSpec } from "@/lib/wire/rest";
import { makeEngine } from "@/server/collector/engine";
import { Fleet } from "@/server/collector/fleet/fleet";
import { connect } from "@/server/collector/ssh/connect";

const latenessMs = 5;
const tell = (message: object): void => void process.send?.(message);

async function start(given: { specs: unknown[]; known: string[] }): Promise<void> {
  // Long: the parts of one collector, made in the order in which they need each other.
  const fleet = new Fleet({
    epoch: "chaos",
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
    log: (event, more) => {
      if (event === "fault") tell({ kind: "fault", ...more });
    },
    onDelta: (delta) => {
      const at = performance.timeOrigin + performance.now();
      const mtus = (delta.nodes?.put ?? []).flatMap((node) => {
        const { mtu } = node.attributes;
        return node.kind === "tap" && typeof mtu === "number" ? [[node.name, mtu] as const] : [];
      });
      if (mtus.length > 0) tell({ kind: "seen", host: delta.host, mtus, at });
    },
    onFleet: () => undefined,
  });
  for (const spec of given.specs) await fleet.add(HostSpec.parse(spec), true);
  // How long this process could not attend to anything, and how much of that was the collection of garbage.
  const late = monitorEventLoopDelay({ resolution: latenessMs });
  late.enable();
  let gcMs = 0;
  let gcWorst = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      gcMs += duration;
      gcWorst = Math.max(gcWorst, duration);
    }
  }).observe({ entryTypes: ["gc"] });
  process.on("message", (message) => {
    if (message !== "loop") return;
    const ms = (at: number) => Math.max(0, late.percentile(at) / 1e6 - latenessMs);
    const busy = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    tell({
      kind: "loop",
      p95: ms(95),
      worst: Math.max(0, late.max / 1e6 - latenessMs),
      gcMs,
      gcWorst,
      share: busy.utilization,
    });
    late.reset();
    gcMs = 0;
    gcWorst = 0;
  });
  let before = performance.eventLoopUtilization();
  setInterval(() => {
    const states = fleet.hosts().map(({ info }) => [info.id, info.state, info.reason ?? ""] as const);
    tell({ kind: "states", states, rssMb: process.memoryUsage().rss / 1_048_576 });
  }, 500);
}

process.once("message", (given: { specs: unknown[]; known: string[] }) => void start(given));
process.on("disconnect", () => process.exit(0));
