import { type EventSource, gap } from "@/lib/events/define";
import { type SourceId, sources } from "@/lib/events/registry";
import type { Facts } from "@/lib/facts/facts";
import { isReadable, type Probe } from "@/lib/probes/define";
import type { ProbeId } from "@/lib/probes/registry";
import type { ProbeReport } from "@/lib/wire/model";
import type { Bulkhead } from "../bulkhead";
import { type HostConnection, type ProbeRun, type SourceWord, SshFailure } from "../ssh/api";
import { degradedBecause, type SourceState } from "./health";
import { Patcher } from "./patcher";
import { type Reread, rereadAll, rereadIndex } from "./reread";
import { Rereads } from "./rereads";
import { Silence } from "./silence";
import { type Pace, Sweeper } from "./sweeper";
import type { Turns } from "./turns";

export interface SessionSink {
  /** The facts as the engine holds them. */
  facts(): Facts;
  apply(facts: Facts, reports: readonly ProbeReport[], at: number): void;
  /** What `degraded()` and `silent` say may have changed. */
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

/**
 * The work on one connection, from its first sweep to its end. Four parts do it: the sweeper reads in turn, patchers put into a fact what an event says of it, the queue of re-reads
 * reads what events have made out of date, and the silence notices that nothing is answered.
 */
export class Session {
  private stopped = false;
  private readonly probes: ReadonlyMap<string, Probe>;
  private readonly index: ReadonlyMap<string, Reread>;
  private readonly states = new Map<SourceId, SourceState>();
  private readonly silence: Silence;
  private readonly sweeper: Sweeper;
  private readonly rereads: Rereads;
  private readonly patchers = new Map<string, Patcher>();

  constructor(
    private readonly connection: HostConnection,
    private readonly sink: SessionSink,
    private readonly options: SessionOptions,
  ) {
    const { guard, log, random, turns } = options;
    const { platform, reads } = connection;
    const probes = Object.values(options.probes).filter((probe) => isReadable(probe, platform, reads));
    this.probes = new Map(probes.map((probe) => [probe.id, probe]));
    this.index = rereadIndex(probes);
    this.silence = new Silence(options.pace.silentMs, guard, () => sink.changed());
    this.sweeper = new Sweeper({
      connection,
      probes,
      pace: options.pace,
      random,
      log,
      guard,
      turns,
      silence: this.silence,
      valueOf: (run) => this.valueOf(run),
      apply: (facts, reports, at) => {
        sink.apply(facts, reports, at);
        sink.changed();
      },
      onReadAll: () => sink.changed(),
    });
    this.rereads = new Rereads({
      guard,
      pick: (ids) => this.pick(ids).filter((probe) => this.mayBeThere(probe)),
      sweep: (wanted) => this.sweeper.sweep(wanted),
    });
    for (const { id, patches } of Object.values<EventSource>(sources)) {
      if (!patches) continue;
      const apply = (facts: Facts, at: number) => sink.apply(facts, [], at);
      this.patchers.set(id, new Patcher(patches, { facts: () => sink.facts(), apply, guard }));
    }
  }

  /** True from the first fast sweep that was applied. */
  get hasRead(): boolean {
    return this.sweeper.hasRead;
  }

  /** True once every probe of both tiers has had its turn. */
  get hasReadAll(): boolean {
    return this.sweeper.hasReadAll;
  }

  /** The host was asked something and says nothing, though the connection stands. */
  get silent(): boolean {
    return this.silence.isSilent;
  }

  /** Why the host counts as degraded; undefined when nothing is missing. */
  degraded(): string | undefined {
    return degradedBecause(this.sweeper.reports.values(), this.states);
  }

  /** Follows events and begins to sweep. */
  start(): void {
    const { guard, log } = this.options;
    this.connection
      .follow({
        onLine: guard.around("an event", (source, line) => this.line(source, line)),
        onSource: guard.around("an event source", (source, state, reason) => this.source(source, state, reason)),
      })
      .catch((error: unknown) => {
        // The connection's end follows and says why; until then sweeps go on.
        log("follow-failed", { reason: String(error) });
      });
    this.sweeper.start();
  }

  stop(): void {
    this.stopped = true;
    for (const part of [this.sweeper, this.rereads, this.silence, ...this.patchers.values()]) part.stop();
  }

  /** Reads these probes now and applies the result; resolves when it is applied (or the connection has ended). */
  async readNow(ids: readonly ProbeId[]): Promise<void> {
    this.rereads.forget(ids);
    const wanted = this.pick(ids);
    const runs = await this.sweeper.sweep(wanted);
    // Whoever asked judges by what was read: nothing read must not pass for nothing found.
    if (runs.length < wanted.length || runs.some((run) => run.outcome === "lost"))
      throw new SshFailure("lost", "the host was lost while it was read");
  }

  private pick(ids: readonly ProbeId[]): Probe[] {
    return ids.flatMap((id) => this.probes.get(id) ?? []);
  }

  /** What the host has no tool for will not have come with an event. */
  private mayBeThere(probe: Probe): boolean {
    return this.sweeper.reports.get(probe.id)?.outcome !== "absent" || probe.mayAppear === true;
  }

  private source(source: SourceId, state: SourceWord, reason: string): void {
    if (this.stopped) return;
    const before = this.states.get(source)?.state;
    this.states.set(source, { state, reason });
    this.sink.changed();
    if (state !== "following" || before === "following") return;
    // Whatever happened before it was listened to has passed unseen; in a storm, nobody knows what.
    if (before === "storm") this.rereads.ask(rereadAll([...this.probes.values()]));
    else this.ask(source, [gap]);
  }

  private line(id: SourceId, line: string): void {
    if (this.stopped) return;
    this.silence.heard();
    const source: EventSource = sources[id];
    const event = source.parse(line);
    this.patchers.get(id)?.take(event);
    this.ask(id, source.news(event, this.sink.facts()));
  }

  private ask(source: SourceId, news: readonly string[]): void {
    for (const one of news) this.rereads.ask(this.index.get(`${source}:${one}`) ?? []);
  }

  private valueOf(run: ProbeRun): { readonly value: unknown; readonly ms?: number } {
    const patching = [...this.patchers.values()].filter(({ probe }) => probe === run.id);
    if (patching.length === 0) return { value: run.value, ms: run.ms };
    // How long it took says nothing of a value that is partly younger.
    return { value: patching.reduce((value, one) => one.upToDate({ ...run, value }), run.value) };
  }
}
