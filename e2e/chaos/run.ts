import { type ChildProcess, fork } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Sim, startSim } from "@/server/sim";
import { Hostile } from "./hostile";
import type { Way } from "./ways";

const root = fileURLToPath(new URL("../..", import.meta.url));
const latenessMs = 10;
/** A change that has not arrived by then counts as lost. */
const lostMs = 20_000;

const Told = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("seen"),
    host: z.string(),
    mtus: z.array(z.tuple([z.string(), z.number()])),
    at: z.number(),
  }),
  z.object({
    kind: z.literal("states"),
    states: z.array(z.tuple([z.string(), z.string(), z.string()])),
    rssMb: z.number(),
  }),
  z.object({
    kind: z.literal("loop"),
    p95: z.number(),
    worst: z.number(),
    gcMs: z.number(),
    gcWorst: z.number(),
    share: z.number(),
  }),
  z.object({ kind: z.literal("fault"), host: z.string().optional(), where: z.string(), reason: z.string() }),
]);

export interface ChaosOptions {
  readonly hosts: number;
  readonly guests: number;
  /** How long the quiet before, and how long each way lasts. */
  readonly quietMs: number;
  readonly wayMs: number;
  /** Changes of links a second over all other hosts. */
  readonly perSecond: number;
  readonly ways: readonly Way[];
  readonly onPart?: (part: Part) => void;
}

export interface Part {
  readonly way: string;
  readonly changes: number;
  /** Changes of the other hosts that no delta ever told. */
  readonly lost: number;
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
  /** States of the hostile host meanwhile, with the reason that came with each last. */
  readonly states: Readonly<Record<string, string>>;
  /** Other hosts that were anything but live. */
  readonly others: readonly string[];
  readonly rssMb: number;
  /** How late the simulator's own process was meanwhile, p95: what the times above hold of it and not of the collector, ms. */
  readonly simulatorLate: number;
  /** The collector's event loop meanwhile: how late (p95, worst), how long the collection of garbage held it up (in sum, worst), all ms; the busy share of its time. */
  readonly loop: {
    readonly p95: number;
    readonly worst: number;
    readonly gcMs: number;
    readonly gcWorst: number;
    readonly share: number;
  };
}

export interface ChaosResult {
  readonly quiet: Part;
  readonly parts: readonly Part[];
  readonly faults: readonly string[];
  /** The collector's process is the one that was started, and the hostile host was live again at the end. */
  readonly survived: boolean;
  readonly recovered: boolean;
}

interface Change {
  readonly mtu: number;
  readonly begun: number;
  readonly arrived: (ms: number) => void;
}

/** A fleet, one of it hostile in each way for a while: what the others' changes take from the link to what the collector publishes. */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const sim = await startSim({ hosts: options.hosts - 1, guests: options.guests, seed: 10 });
  const hostile = await Hostile.start(options.guests);
  const child = fork("e2e/chaos/collector.ts", {
    cwd: root,
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const run = new Run(sim, hostile, child, options);
  try {
    return await run.all();
  } finally {
    child.kill("SIGKILL");
    hostile.stop();
    await sim.stop();
  }
}

class Run {
  /** By host and TAP, oldest first: what a newer value has overtaken on the way arrives with it. */
  readonly #waiting = new Map<string, Change[]>();
  readonly #faults: string[] = [];
  #states = new Map<string, { state: string; reason: string }>();
  #rssMb = 0;
  #onStates: () => void = () => undefined;
  #onLoop: (loop: Part["loop"]) => void = () => undefined;
  #exited = false;
  #turn = 0;

  constructor(
    private readonly sim: Sim,
    private readonly hostile: Hostile,
    private readonly child: ChildProcess,
    private readonly options: ChaosOptions,
  ) {
    child.on("message", (message) => this.#hear(Told.parse(message)));
    child.once("exit", () => {
      this.#exited = true;
    });
    child.send({
      specs: [...hostile.specs, ...sim.specs()],
      known: [...hostile.known, ...sim.knownHosts()],
    });
  }

  async all(): Promise<ChaosResult> {
    const { hostile } = this;
    const hosts = [hostile, ...this.sim.hosts];
    await this.#until(() => hosts.every(({ id }) => this.#states.get(id)?.state === "live"), 900_000, "all hosts live");
    await sleep(2_000);
    const quiet = await this.#part("quiet", this.options.quietMs);
    this.options.onPart?.(quiet);
    const parts: Part[] = [];
    for (const way of this.options.ways) {
      await hostile.begin(way);
      const part = await this.#part(way.id, this.options.wayMs);
      await hostile.end();
      parts.push(part);
      this.options.onPart?.(part);
      if (this.#exited) break;
    }
    const recovered = await this.#until(() => this.#states.get(hostile.id)?.state === "live", 120_000, "recovery").then(
      () => true,
      () => false,
    );
    return { quiet, parts, faults: this.#faults, survived: !this.#exited, recovered };
  }

  /** Changes links of the honest hosts for so long, and waits for the last of them. */
  async #part(way: string, ms: number): Promise<Part> {
    const took: number[] = [];
    const late = monitorEventLoopDelay({ resolution: latenessMs });
    late.enable();
    const states: Record<string, string> = {};
    const unwell = new Set<string>();
    this.#onStates = () => {
      for (const [id, { state, reason }] of this.#states) {
        if (id === this.hostile.id) states[state] = reason;
        else if (state !== "live") unwell.add(`${id} ${state}: ${reason}`);
      }
    };
    let changes = 0;
    await this.#loop();
    const until = performance.now() + ms;
    const pending: Promise<void>[] = [];
    while (performance.now() < until && !this.#exited) {
      pending.push(this.#change().then((took_) => void (took_ === undefined ? undefined : took.push(took_))));
      changes++;
      await sleep(1_000 / this.options.perSecond);
    }
    await Promise.all(pending);
    late.disable();
    const loop = await this.#loop();
    const sorted = took.sort((a, b) => a - b);
    const at = (share: number) =>
      round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
    return {
      way,
      changes,
      lost: changes - took.length,
      p50: at(0.5),
      p95: at(0.95),
      worst: at(1),
      states,
      others: [...unwell],
      rssMb: Math.round(this.#rssMb),
      // The histogram holds how long a timer took, and not by how much it was late.
      simulatorLate: round(Math.max(0, late.percentile(95) / 1e6 - latenessMs)),
      loop,
    };
  }

  /** One TAP of the next host gets another MTU. Resolves with the time until it was published, ms; undefined where it never was. */
  #change(): Promise<number | undefined> {
    const others = this.sim.hosts;
    const host = others[this.#turn % others.length];
    const mtu = 1_280 + (Math.floor(this.#turn++ / others.length) % 200);
    const tap = [...(host?.machine.state.links.values() ?? [])].find((link) => link.kind === "tap");
    if (!host || !tap) throw new Error("a host without a TAP");
    const key = `${host.id} ${tap.name}`;
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.set(key, waiting);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), lostMs);
      const arrived = (ms: number) => {
        clearTimeout(timer);
        resolve(ms);
      };
      waiting.push({ mtu, begun: performance.timeOrigin + performance.now(), arrived });
      host.machine.setMtu(tap.name, mtu);
    });
  }

  /** What the collector says of its event loop since it was last asked. */
  #loop(): Promise<Part["loop"]> {
    return new Promise((resolve) => {
      this.#onLoop = resolve;
      if (this.#exited)
        resolve({ p95: Number.NaN, worst: Number.NaN, gcMs: Number.NaN, gcWorst: Number.NaN, share: Number.NaN });
      else this.child.send("loop");
    });
  }

  #hear(told: z.output<typeof Told>): void {
    if (told.kind === "fault") this.#faults.push(`${told.host ?? "?"}, ${told.where}: ${told.reason}`);
    else if (told.kind === "loop") {
      const { p95, worst, gcMs, gcWorst, share } = told;
      this.#onLoop({
        p95: round(p95),
        worst: round(worst),
        gcMs: round(gcMs),
        gcWorst: round(gcWorst),
        share: round(share * 100) / 100,
      });
    } else if (told.kind === "states") {
      this.#states = new Map(told.states.map(([id, state, reason]) => [id, { state, reason }]));
      this.#rssMb = told.rssMb;
      this.#onStates();
    } else
      for (const [tap, mtu] of told.mtus) {
        const waiting = this.#waiting.get(`${told.host} ${tap}`) ?? [];
        const at = waiting.findIndex((change) => change.mtu === mtu);
        for (const change of waiting.splice(0, at + 1)) change.arrived(told.at - change.begun);
      }
  }

  async #until(test: () => boolean, ms: number, what: string): Promise<void> {
    const deadline = performance.now() + ms;
    while (!test()) {
      const unwell = [...this.#states].filter(([, { state }]) => state !== "live").slice(0, 3);
      if (performance.now() > deadline || this.#exited)
        throw new Error(`not within ${ms} ms: ${what}; ${JSON.stringify(unwell)}`);
      await sleep(100);
    }
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const round = (ms: number) => Math.round(ms * 10) / 10;

/** What does not hold, in words: a delta that is lost, a p95 of more than twice the quiet one (times below `floorMs` are the machine's own unrest), a fault, a collector or neighbour that fell. */
export function failures(result: ChaosResult, floorMs: number): string[] {
  const most = 2 * Math.max(result.quiet.p95, floorMs);
  return [
    ...result.parts.flatMap(({ way, lost, p95, others }) => [
      ...(lost > 0 ? [`${way}: ${lost} changes of other hosts were lost`] : []),
      ...(p95 <= most ? [] : [`${way}: p95 ${p95} ms, more than ${most} ms`]),
      ...others.slice(0, 3).map((other) => `${way}: ${other}`),
    ]),
    ...result.faults.map((fault) => `a fault of ours: ${fault}`),
    ...(result.survived ? [] : ["the collector ended"]),
    ...(result.recovered ? [] : ["the hostile host did not become live again"]),
  ];
}
