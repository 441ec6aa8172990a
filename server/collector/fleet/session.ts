import type { Facts } from "@/lib/facts/facts";
import type { Read } from "@/lib/facts/read";
import type { Probe } from "@/lib/probes/define";
import type { Link } from "@/lib/probes/ip-link";
import type { ProbeId } from "@/lib/probes/registry";
import type { ProbeReport } from "@/lib/wire/model";
import type { Bulkhead } from "../bulkhead";
import { type EventSource, type HostConnection, type ProbeRun, type SourceWord, SshFailure } from "../ssh/api";
import { type MonitorEvent, parseMonitorLine } from "./events";
import { degradedBecause, type SourceState } from "./health";
import { patchLinks } from "./patch";
import { type Reread, rereadAfter, rereadAfterGap, rereadAfterLine, rereadAll } from "./reread";
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

/** Patches that may be applied at once in a burst, and the pause between them when it goes on. */
const patchBurst = 20;
const patchPauseMs = 50;
/** Readings that events ask for take at most this share of a host's time: a re-read that took 100 ms is followed by 400 ms without one. */
const restShare = 4;
const longestRestMs = 2_000;
/** After so many readings without a calm between them it is a storm, and the rests grow. */
const patientReadings = 5;
const calmMs = 3_000;
/** An event may reach us a little before the end of a reading that began after it. */
const slackMs = 20;
const rememberedEvents = 2_000;

export interface SessionSink {
  /** The facts as the engine holds them. */
  facts(): Facts;
  apply(facts: Facts, reports: readonly ProbeReport[], at: number): void;
  /** What `reason()` and `silent` say may have changed. */
  changed(): void;
}

export interface SessionOptions {
  readonly probes: Readonly<Record<string, Probe>>;
  readonly pace: Pace;
  readonly random: () => number;
  readonly log: (event: string, more?: Record<string, unknown>) => void;
  /** Everything that runs outside of a promise goes through here. */
  readonly guard: Bulkhead;
  /** Shared by all hosts: what was read waits for its turn, a link change never does. */
  readonly turns: Turns;
}

/** The work on one connection, from its first sweep to its end: periodic sweeps, events, and the narrow readings that they ask for. */
export class Session {
  private stopped = false;
  private readonly reports = new Map<string, ProbeReport>();
  private readonly sources = new Map<EventSource, SourceState>();
  /** When the reading began whose result is in the facts, by probe: an older one that ends later is dropped. */
  private readonly begun = new Map<string, number>();
  private held: ProbeRun[] = [];
  private holdTimer: ReturnType<typeof setTimeout> | undefined;
  private fastTimer: ReturnType<typeof setTimeout> | undefined;
  private slowTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly asked = new Map<ProbeId, number>();
  private rereadTimer: ReturnType<typeof setTimeout> | undefined;
  private rereading = false;
  private restUntil = 0;
  private rereadAt = 0;
  private streak = 0;
  private recent: { readonly at: number; readonly event: MonitorEvent }[] = [];
  private unpatched: MonitorEvent[] = [];
  private patchTimer: ReturnType<typeof setTimeout> | undefined;
  private patchScheduled = false;
  private tokens = patchBurst;
  private tokensAt = Date.now();
  private heardAt = Date.now();
  private readonly outstanding = new Map<number, number>();
  private nextOutstanding = 0;
  private watchTimer: ReturnType<typeof setTimeout> | undefined;
  private isSilent = false;
  private first = true;
  private all = false;
  /** Probes whose parser threw, as it has been logged. */
  private readonly faults = new Set<string>();

  constructor(
    private readonly connection: HostConnection,
    private readonly sink: SessionSink,
    private readonly options: SessionOptions,
  ) {}

  /** True from the first fast sweep that was applied. */
  get hasRead(): boolean {
    return !this.first;
  }

  /** True once every probe of both tiers has had its turn. */
  get hasReadAll(): boolean {
    return this.all;
  }

  /** The host was asked something and says nothing, though the connection stands. */
  get silent(): boolean {
    return this.isSilent;
  }

  /** Why the host counts as degraded; undefined when nothing is missing. */
  degraded(): string | undefined {
    return degradedBecause(this.reports.values(), this.sources);
  }

  /** Follows events and begins to sweep: the fast tier first, so that there is a graph soon. */
  start(): void {
    this.connection
      .follow({
        onLine: this.options.guard.around("an event", (source, line) => this.line(source, line)),
        onSource: this.options.guard.around("an event source", (source, state, reason) =>
          this.source(source, state, reason),
        ),
      })
      .catch((error: unknown) => {
        // The connection's end follows and says why; until then sweeps go on.
        this.options.log("follow-failed", { reason: String(error) });
      });
    this.options.guard.run("a sweep", () => this.fast().then(() => this.slow()));
  }

  private source(source: EventSource, state: SourceWord, reason: string): void {
    if (this.stopped) return;
    const before = this.sources.get(source)?.state;
    this.sources.set(source, { state, reason });
    this.sink.changed();
    if (state !== "following" || before === "following") return;
    // Whatever happened before it was listened to has passed unseen; in a storm, nobody knows what.
    this.ask(before === "storm" ? rereadAll(Object.values(this.options.probes)) : rereadAfterGap(source));
  }

  private later(what: string, work: () => unknown, ms: number): NodeJS.Timeout {
    return this.options.guard.later(what, work, ms);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of [
      this.holdTimer,
      this.fastTimer,
      this.slowTimer,
      this.rereadTimer,
      this.patchTimer,
      this.watchTimer,
    ])
      clearTimeout(timer);
  }

  /** Reads these probes now and applies the result; resolves when it is applied (or the connection has ended). */
  async readNow(ids: readonly ProbeId[]): Promise<void> {
    for (const id of ids) this.asked.delete(id);
    const wanted = this.pick(ids);
    const runs = await this.sweep(wanted);
    // Whoever asked judges by what was read: nothing read must not pass for nothing found.
    if (runs.length < wanted.length || runs.some((run) => run.outcome === "lost"))
      throw new SshFailure("lost", "the host was lost while it was read");
  }

  private pick(ids: Iterable<string>): Probe[] {
    return [...ids].flatMap((id) => this.options.probes[id] ?? []);
  }

  private tier(tier: "fast" | "slow"): Probe[] {
    return Object.values(this.options.probes).filter((probe) => probe.tier === tier);
  }

  private async fast(): Promise<void> {
    await this.sweep(this.tier("fast"));
    if (this.stopped) return;
    this.fastTimer = this.later("a sweep", () => this.fast(), this.jitter(this.options.pace.fastMs, !this.all));
  }

  private async slow(): Promise<void> {
    if (this.stopped) return;
    await this.sweep(this.tier("slow"));
    if (this.stopped) return;
    const first = !this.all;
    this.all = true;
    this.slowTimer = this.later("a sweep", () => this.slow(), this.jitter(this.options.pace.slowMs, first));
  }

  /** Hosts that were connected together are swept together: after the first sweep they are spread over a whole period, and stay so. */
  private jitter(ms: number, first: boolean): number {
    const width = first ? 1 : 0.2;
    return Math.round(ms * (1 + width * (this.options.random() - 0.5)));
  }

  /** An ended connection ends the session by its own way; what rejects here is a fault. */
  private async sweep(probes: readonly Probe[]): Promise<readonly ProbeRun[]> {
    if (this.stopped || probes.length === 0) return [];
    let runs: readonly ProbeRun[] = [];
    const ticket = this.nextOutstanding++;
    // Nothing was asked, so nothing was to be heard: the silence begins now.
    if (this.outstanding.size === 0) this.heardAt = Date.now();
    this.outstanding.set(ticket, Math.max(...probes.map((probe) => probe.timeoutMs)));
    this.watch();
    try {
      const took = (run: ProbeRun) => {
        this.heard();
        this.hold(run);
      };
      runs = await this.connection.sweep(probes, this.options.guard.around("a reading", took));
    } catch (error) {
      if (!(error instanceof SshFailure)) throw error;
      this.options.log("sweep-failed", { reason: String(error) });
    } finally {
      this.outstanding.delete(ticket);
      this.watch();
    }
    await this.release();
    return runs;
  }

  private heard(): void {
    this.heardAt = Date.now();
    if (!this.isSilent) return;
    this.isSilent = false;
    this.watch();
    this.sink.changed();
  }

  /** One timer for the whole session, only while something is asked. */
  private watch(): void {
    clearTimeout(this.watchTimer);
    if (this.stopped || this.isSilent || this.outstanding.size === 0) return;
    const limit = this.options.pace.silentMs + Math.max(...this.outstanding.values());
    const check = () => {
      if (Date.now() - this.heardAt < limit) {
        this.watch();
        return;
      }
      this.isSilent = true;
      this.sink.changed();
    };
    this.watchTimer = this.later("the watch for silence", check, Math.max(1, this.heardAt + limit - Date.now()));
  }

  private hold(run: ProbeRun): void {
    if (this.stopped || run.outcome === "lost") return;
    if (run.fault && !this.faults.has(run.id)) {
      this.faults.add(run.id);
      this.options.log("parser-threw", { probe: run.id, reason: run.fault.stack ?? run.fault.message });
    }
    this.held.push(run);
    this.holdTimer ??= this.later("what was read", () => this.release(), this.options.pace.holdMs);
  }

  /** Resolves when what is held has been applied. */
  private async release(): Promise<void> {
    await this.options.turns.take();
    clearTimeout(this.holdTimer);
    this.holdTimer = undefined;
    const runs = this.held.filter((run) => run.at - run.ms >= (this.begun.get(run.id) ?? 0));
    this.held = [];
    if (this.stopped || runs.length === 0) return;
    const facts: Record<string, Read<unknown>> = {};
    const reports: ProbeReport[] = [];
    for (const run of runs) {
      this.begun.set(run.id, run.at - run.ms);
      facts[run.id] = this.readOf(run);
      const report = reportOf(run);
      this.reports.set(run.id, report);
      reports.push(report);
    }
    this.sink.apply(facts as Facts, reports, Math.max(...runs.map((run) => run.at)));
    this.first = false;
    this.sink.changed();
  }

  private readOf(run: ProbeRun): Read<unknown> {
    if (run.outcome !== "ok") return { ok: false, why: run.outcome, detail: run.detail ?? "", at: run.at };
    if (run.id !== "ip-link") return { ok: true, value: run.value, at: run.at, ms: run.ms };
    // What was read began before these events came in: without them an old reading would undo what is known better.
    const since = run.at - run.ms - slackMs;
    const events = this.recent.filter((entry) => entry.at >= since).map((entry) => entry.event);
    this.recent = this.recent.filter((entry) => entry.at >= since);
    return { ok: true, value: patchLinks(run.value as Link[], events).links, at: run.at };
  }

  private line(source: EventSource, line: string): void {
    if (this.stopped) return;
    this.heard();
    // iproute2 says so when the kernel had more to tell than it could take (libnetlink): what was lost is read anew.
    if (/^netlink receive error\b/i.test(line)) {
      this.ask(rereadAfterGap(source));
      return;
    }
    if (source !== "ip-monitor") {
      this.ask(rereadAfterLine(source, line));
      return;
    }
    const event = parseMonitorLine(line);
    if (event.kind === "link" || event.kind === "link-gone") this.patchSoon(event);
    const known = "ifindex" in event ? this.links()?.find((one) => one.ifindex === event.ifindex) : undefined;
    this.ask(rereadAfter(event, known));
  }

  private links(): readonly Link[] | undefined {
    const read = this.sink.facts()["ip-link"];
    return read?.ok ? read.value : undefined;
  }

  /** All lines of one burst are one patch; in a storm, patches come at a steady pace. */
  private patchSoon(event: MonitorEvent): void {
    this.recent.push({ at: Date.now(), event });
    if (this.recent.length > rememberedEvents) this.recent.splice(0, rememberedEvents / 2);
    this.unpatched.push(event);
    if (this.patchScheduled) return;
    this.patchScheduled = true;
    const now = Date.now();
    this.tokens = Math.min(patchBurst, this.tokens + (now - this.tokensAt) / patchPauseMs);
    this.tokensAt = now;
    if (this.tokens >= 1) {
      this.tokens--;
      // After all lines that have arrived together, before anything else.
      queueMicrotask(this.options.guard.around("a patch", () => this.patch()));
    } else {
      this.patchTimer = this.later("a patch", () => this.patch(), patchPauseMs);
    }
  }

  private patch(): void {
    this.patchScheduled = false;
    const events = this.unpatched;
    this.unpatched = [];
    const before = this.links();
    if (this.stopped || before === undefined) return;
    const { links } = patchLinks(before, events);
    if (links === before) return;
    const at = Date.now();
    this.sink.apply({ "ip-link": { ok: true, value: [...links], at } } as Facts, [], at);
  }

  private ask(reread: Reread): void {
    if (reread.length === 0) return;
    const now = Date.now();
    for (const [id, delay] of reread) {
      const due = this.asked.get(id);
      if (due === undefined || due > now + delay) this.asked.set(id, now + delay);
    }
    this.rereadLater();
  }

  private rereadLater(): void {
    if (this.stopped || this.rereading || this.asked.size === 0) return;
    clearTimeout(this.rereadTimer);
    const due = Math.max(Math.min(...this.asked.values()), this.restUntil);
    this.rereadTimer = this.later("a narrow reading", () => this.reread(), Math.max(0, due - Date.now()));
  }

  private async reread(): Promise<void> {
    const now = Date.now();
    const due = [...this.asked].filter(([, at]) => at <= now).map(([id]) => id);
    for (const id of due) this.asked.delete(id);
    // What the host has no tool for will not have come with an event.
    const wanted = this.pick(due).filter(
      (probe) => this.reports.get(probe.id)?.outcome !== "absent" || mayAppear.has(probe.id),
    );
    this.rereading = true;
    const begun = performance.now();
    // Dear ones apart: they must not hold up what shows the change.
    const slow = wanted.filter((probe) => probe.tier === "slow");
    if (slow.length > 0) this.options.guard.run("a narrow reading", () => this.sweep(slow));
    await this.sweep(wanted.filter((probe) => probe.tier === "fast"));
    this.rereading = false;
    this.streak = now - this.rereadAt < calmMs ? this.streak + 1 : 0;
    this.rereadAt = Date.now();
    const storm = this.streak < patientReadings ? 0 : 100 * 2 ** Math.min(this.streak - patientReadings, 10);
    this.restUntil = this.rereadAt + Math.min(longestRestMs, Math.max(storm, (performance.now() - begun) * restShare));
    this.rereadLater();
  }
}

/** Subsystems that are absent until the first of their kind is made, without anything being installed. */
const mayAppear = new Set(["bond", "libvirt-state", "qemu-proc"]);

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
