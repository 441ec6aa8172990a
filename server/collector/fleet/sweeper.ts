import type { Facts } from "@/lib/facts/facts";
import type { Read } from "@/lib/facts/read";
import type { Probe, Tier } from "@/lib/probes/define";
import type { ProbeReport } from "@/lib/wire/model";
import type { Bulkhead } from "../bulkhead";
import { type HostConnection, type ProbeRun, SshFailure } from "../ssh/api";
import type { Silence } from "./silence";
import type { Turns } from "./turns";

/** How often and how patiently, ms. */
export interface Pace {
  readonly fastMs: number;
  readonly slowMs: number;
  /** Results of one sweep are shown together; those that have come in are not held longer than this for those that have not. */
  readonly holdMs: number;
  /** Silence while something was asked, beyond the limit of what was asked, after which what is shown is old. */
  readonly silentMs: number;
}
export const pace: Pace = { fastMs: 15_000, slowMs: 300_000, holdMs: 1_000, silentMs: 10_000 };

export interface SweeperDeps {
  readonly connection: HostConnection;
  /** All that this host is asked for. */
  readonly probes: readonly Probe[];
  readonly pace: Pace;
  readonly random: () => number;
  readonly log: (event: string, more?: Record<string, unknown>) => void;
  readonly guard: Bulkhead;
  readonly silence: Silence;
  readonly turns: Turns;
  /** What a reading that was good is to be taken for. */
  readonly valueOf: (run: ProbeRun) => Pick<Extract<Read<unknown>, { ok: true }>, "value" | "ms">;
  readonly apply: (facts: Facts, reports: readonly ProbeReport[], at: number) => void;
  /** Every probe of both tiers has had its turn: `hasReadAll` is true from now on. */
  readonly onReadAll: () => void;
}

/** Reads both tiers in turn, and what it is asked to; shows the results of one sweep together. */
export class Sweeper {
  /** How each probe ended last. */
  readonly reports = new Map<string, ProbeReport>();
  /** When the reading began whose result is in the facts, by probe: an older one that ends later is dropped. */
  private readonly begun = new Map<string, number>();
  private held: ProbeRun[] = [];
  private holdTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly timers: Partial<Record<Tier, ReturnType<typeof setTimeout>>> = {};
  private stopped = false;
  private first = true;
  private all = false;
  /** Probes whose parser threw, as it has been logged. */
  private readonly faults = new Set<string>();

  constructor(private readonly deps: SweeperDeps) {}

  /** True from the first sweep that was applied. */
  get hasRead(): boolean {
    return !this.first;
  }

  /** True once every probe of both tiers has had its turn. */
  get hasReadAll(): boolean {
    return this.all;
  }

  /** The fast tier first, so that there is a graph soon. */
  start(): void {
    this.deps.guard.run("a sweep", () => this.fast().then(() => this.slow()));
  }

  stop(): void {
    this.stopped = true;
    for (const timer of [this.holdTimer, ...Object.values(this.timers)]) clearTimeout(timer);
  }

  /** Reads these, and shows what came; resolves when it is applied. An ended connection ends the session by its own way; what rejects here is a fault. */
  async sweep(probes: readonly Probe[]): Promise<readonly ProbeRun[]> {
    if (this.stopped || probes.length === 0) return [];
    const { connection, guard, log, silence } = this.deps;
    let runs: readonly ProbeRun[] = [];
    const ended = silence.asked(probes);
    try {
      const took = (run: ProbeRun) => {
        silence.heard();
        this.hold(run);
      };
      runs = await connection.sweep(probes, guard.around("a reading", took));
    } catch (error) {
      if (!(error instanceof SshFailure)) throw error;
      log("sweep-failed", { reason: String(error) });
    } finally {
      ended();
    }
    await this.release();
    return runs;
  }

  private tier(tier: Tier): Probe[] {
    return this.deps.probes.filter((probe) => probe.tier === tier);
  }

  private async fast(): Promise<void> {
    await this.sweep(this.tier("fast"));
    this.again("fast", () => this.fast(), this.deps.pace.fastMs, !this.all);
  }

  private async slow(): Promise<void> {
    await this.sweep(this.tier("slow"));
    if (this.stopped) return;
    const first = !this.all;
    this.all = true;
    if (first) this.deps.onReadAll();
    this.again("slow", () => this.slow(), this.deps.pace.slowMs, first);
  }

  /** Hosts that were connected together are swept together: after the first sweep they are spread over a whole period, and stay so. */
  private again(tier: Tier, work: () => Promise<void>, ms: number, first: boolean): void {
    if (this.stopped) return;
    const width = first ? 1 : 0.2;
    const jitter = Math.round(ms * (1 + width * (this.deps.random() - 0.5)));
    this.timers[tier] = this.deps.guard.later("a sweep", work, jitter);
  }

  private hold(run: ProbeRun): void {
    if (this.stopped || run.outcome === "lost") return;
    const { guard, log, pace } = this.deps;
    if (run.fault && !this.faults.has(run.id)) {
      this.faults.add(run.id);
      log("parser-threw", { probe: run.id, reason: run.fault.stack ?? run.fault.message });
    }
    this.held.push(run);
    this.holdTimer ??= guard.later("what was read", () => this.release(), pace.holdMs);
  }

  /** Resolves when what is held has been applied. */
  private async release(): Promise<void> {
    await this.deps.turns.take();
    clearTimeout(this.holdTimer);
    this.holdTimer = undefined;
    const runs = this.held.filter((run) => run.at - run.ms >= (this.begun.get(run.id) ?? 0));
    this.held = [];
    if (this.stopped || runs.length === 0) return;
    const facts: Record<string, Read<unknown>> = {};
    const reports: ProbeReport[] = [];
    for (const run of runs) {
      this.begun.set(run.id, run.at - run.ms);
      facts[run.id] =
        run.outcome === "ok"
          ? { ok: true, ...this.deps.valueOf(run), at: run.at }
          : { ok: false, why: run.outcome, detail: run.detail ?? "", at: run.at };
      const report = reportOf(run);
      this.reports.set(run.id, report);
      reports.push(report);
    }
    this.first = false;
    this.deps.apply(facts as Facts, reports, Math.max(...runs.map((run) => run.at)));
  }
}

function reportOf(run: ProbeRun): ProbeReport {
  return {
    id: run.id,
    outcome: run.outcome,
    ms: run.ms,
    bytes: run.bytes,
    ...(run.detail === undefined ? {} : { detail: run.detail }),
    at: run.at,
  };
}
