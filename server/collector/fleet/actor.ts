import type { SettingValues } from "@/lib/checks/settings";
import type { Facts } from "@/lib/facts/facts";
import type { HostMemory } from "@/lib/graph/pass";
import type { Probe } from "@/lib/probes/define";
import type { ProbeId } from "@/lib/probes/registry";
import type { HostCard, HostDelta, HostInfo, HostState } from "@/lib/wire/model";
import type { HostSpec, KeyQuestion } from "@/lib/wire/rest";
import { Bulkhead, type Fault } from "../bulkhead";
import type { HostEngine } from "../engine/api";
import { type Connect, type HostConnection, type KeyBook, needsPerson, SshFailure } from "../ssh/api";
import type { HostBudget } from "../ssh/budget";
import { Backoff } from "./backoff";
import { Session } from "./session";
import type { Slots } from "./slots";
import type { Pace } from "./sweeper";
import type { Turns } from "./turns";

/** A connection that stood this long was a good one: the next failure starts with a short wait again. */
const goodAfterMs = 30_000;

export interface ActorDeps {
  readonly connect: Connect;
  readonly keys: KeyBook;
  readonly slots: Slots;
  readonly turns: Turns;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly pace: Pace;
  readonly random: () => number;
  readonly log: (event: string, more?: Record<string, unknown>) => void;
  readonly onDelta: (delta: HostDelta) => void;
  /** Something was read and applied, whether it shows or not. */
  readonly onRead?: () => void;
  /** Connected, and its first sweep applied. */
  readonly onLive: (host: string) => void;
  /** A new engine for the host, which goes on from `memory`: the one before met internal fault, and nobody knows in what state that left it. */
  readonly renew: (info: HostInfo, memory: HostMemory) => HostEngine;
  readonly budget: HostBudget;
}

/** One host: connects, keeps its engine fed, and says in which state it is, since when and why. Ends with `stop`. */
export class HostActor {
  private spec: HostSpec;
  private current: HostInfo;
  private held: HostConnection | undefined;
  /** Unix ms at which the connection was made: how long it took to make says nothing good of it. */
  private heldSince: number | undefined;
  private session: Session | undefined;
  private stopped = false;
  private generation = 0;
  private abort = new AbortController();
  private wake: (() => void) | undefined;
  private readonly backoff: Backoff;
  private asked: KeyQuestion | undefined;
  private toldLive = false;
  private wasReadAll = false;
  /** What went wrong with us since the last attempt. */
  private broken: Fault | undefined;
  private readonly guard = new Bulkhead((fault) => this.fault(fault));

  constructor(
    spec: HostSpec,
    private held_: HostEngine,
    info: HostInfo,
    private readonly deps: ActorDeps,
  ) {
    this.spec = spec;
    this.current = info;
    this.backoff = new Backoff(deps.random);
  }

  /** Another one after a fault of ours: not to be kept. */
  get engine(): HostEngine {
    return this.held_;
  }

  /** The card of the fleet view. */
  card(): HostCard {
    try {
      return this.engine.card();
    } catch (error) {
      this.guard.tell("the card of a host", error);
      this.renew();
      return this.engine.card();
    }
  }

  get info(): HostInfo {
    return this.current;
  }

  /** The held connection; undefined while there is none. */
  get connection(): HostConnection | undefined {
    return this.held;
  }

  /** True once every probe has had its turn since the start of the collector: only then is what was not found not there. */
  get readAll(): boolean {
    return this.wasReadAll;
  }

  /** The key that a person has to judge, while the host is refused for it. */
  get question(): KeyQuestion | undefined {
    return this.asked;
  }

  start(): void {
    this.guard.run("the life of a host", () => this.live());
  }

  /** Ends the connection and all work; the engine keeps what it knows. */
  stop(): void {
    this.stopped = true;
    this.disconnect();
    this.deps.budget.close();
  }

  /** Tries again at once, also where a person was needed. */
  retry(): void {
    this.backoff.reset();
    if (this.session?.silent) this.held?.close();
    this.wake?.();
  }

  /** Another address, login or route: the connection is made anew; the engine goes on with what it knows. */
  reconfigure(spec: HostSpec, name: string): void {
    this.spec = spec;
    this.current = { ...this.current, address: spec.address, name };
    this.disconnect();
    this.backoff.reset();
    this.state("connecting", "its settings were changed");
    this.wake?.();
  }

  /** Reads these probes now; resolves when the engine has the result. Rejects when the host is not connected. */
  async readNow(probes: readonly ProbeId[]): Promise<void> {
    if (!this.session) throw new SshFailure("lost", `${this.current.id} is not connected`);
    await this.session.readNow(probes);
  }

  /** Takes what other hosts tell of this one. False while it is not read itself: a host that is lost must not look as if it had been seen again. */
  tell(facts: Facts): boolean {
    if (!this.session?.hasRead) return false;
    this.guard.run("what other hosts tell", () => this.apply(facts, [], this.current.seenAt ?? 0));
    return true;
  }

  /** Other thresholds of checks: what differs by them is told at once, also of a host that does not answer at the moment. */
  setSettings(settings: SettingValues): void {
    this.guard.run("other thresholds", () => this.emit(this.engine.setSettings(settings)));
  }

  private disconnect(): void {
    this.generation++;
    this.abort.abort();
    this.abort = new AbortController();
    this.session?.stop();
    this.held?.close();
    this.wake?.();
  }

  private async live(): Promise<void> {
    while (!this.stopped) {
      const generation = this.generation;
      this.heldSince = undefined;
      if (this.broken) this.renew();
      this.broken = undefined;
      const ended = await this.attempt(generation).catch((error: unknown) => {
        this.guard.tell("connecting", error);
        return new SshFailure("fault", String(error));
      });
      const heldMs = this.heldSince === undefined ? 0 : Date.now() - this.heldSince;
      this.session?.stop();
      this.session = undefined;
      this.held = undefined;
      const failure = this.faultOf(ended);
      if (this.stopped) return;
      // Ended by ourselves, to begin again with other settings.
      if (generation !== this.generation) continue;
      if (heldMs > goodAfterMs && failure.kind === "lost") this.backoff.reset();
      await this.failed(failure);
    }
  }

  /** One connection from its making to its end. Resolves with how it ended. */
  private async attempt(generation: number): Promise<SshFailure> {
    const { signal } = this.abort;
    let connection: HostConnection;
    try {
      connection = await this.deps.slots.run(async () => {
        if (signal.aborted) throw new SshFailure("lost", "no longer wanted");
        return this.deps.connect(this.spec, this.deps.keys, { signal, budget: this.deps.budget });
      });
    } catch (error) {
      if (error instanceof SshFailure) return error;
      this.guard.tell("connecting", error);
      return new SshFailure("fault", String(error));
    }
    if (generation !== this.generation || this.broken) {
      connection.close();
      return new SshFailure("lost", "no longer wanted");
    }
    if (connection.root === "none" && this.spec.sudo.kind === "password") {
      connection.close();
      return new SshFailure(
        "login",
        `sudo: ${connection.rootReason ?? "turned down"}; give another sudo password, or choose to read without root`,
      );
    }
    this.held = connection;
    this.heldSince = Date.now();
    this.toldLive = false;
    this.deps.log("connected", { root: connection.root, hostname: connection.hostname });
    const sink = {
      facts: () => this.engine.facts,
      apply: (facts: Facts, reports: Parameters<HostEngine["read"]>[1], at: number) => this.apply(facts, reports, at),
      changed: () => this.judge(),
    };
    this.session = new Session(connection, sink, { ...this.deps, guard: this.guard });
    this.session.start();
    return connection.closed;
  }

  /** A fault of ours ends the host's connection and no more; it is tried again, by itself and by a person. */
  private fault(fault: Fault): void {
    this.deps.log("fault", { where: fault.where, reason: fault.error.stack ?? fault.error.message });
    if (this.stopped || this.broken) return;
    this.broken = fault;
    this.session?.stop();
    if (this.held) this.close(this.held);
    else if (this.wake && this.current.state !== "refused") this.state("failed", faultText(fault));
  }

  private close(connection: HostConnection): void {
    try {
      connection.close();
    } catch (error) {
      this.deps.log("fault", { where: "closing a connection", reason: String(error) });
    }
  }

  /** How a connection ended, or the fault of ours that made it. */
  private faultOf(ended: SshFailure): SshFailure {
    if (ended.kind === "fault" && !this.broken) {
      const cause = ended.cause instanceof Error ? ended.cause : ended;
      this.broken = { where: "the connection", error: cause };
      this.deps.log("fault", { where: "the connection", reason: cause.stack ?? cause.message });
      return ended;
    }
    return this.broken ? new SshFailure("fault", faultText(this.broken)) : ended;
  }

  /** What the engine remembers goes on; what it has read is read again. */
  private renew(): void {
    this.wasReadAll = false;
    let memory: HostMemory = {};
    try {
      memory = this.held_.memory();
    } catch (error) {
      this.deps.log("memory-lost", { reason: String(error) });
    }
    try {
      this.held_ = this.deps.renew(this.current, memory);
    } catch (error) {
      this.deps.log("memory-lost", { reason: String(error) });
      this.held_ = this.deps.renew(this.current, {});
    }
  }

  private apply(facts: Facts, reports: Parameters<HostEngine["read"]>[1], at: number): void {
    if (reports.length > 0) this.current = { ...this.current, seenAt: at };
    this.emit(this.engine.read(facts, reports, at));
    if (reports.length > 0) this.deps.onRead?.();
  }

  private emit(delta: HostDelta | undefined): void {
    if (delta) this.deps.onDelta(delta);
  }

  /** State of a host that is connected. */
  private judge(): void {
    const session = this.session;
    if (!session || !this.held) return;
    if (session.silent) {
      this.state(this.current.seenAt === null ? "unreachable" : "stale", "connected, but does not answer");
      return;
    }
    if (!session.hasRead) return;
    if (session.hasReadAll) this.wasReadAll = true;
    const reason = session.degraded();
    this.state(reason === undefined ? "live" : "degraded", reason);
    if (this.toldLive) return;
    this.toldLive = true;
    this.deps.onLive(this.current.id);
  }

  private async failed(failure: SshFailure): Promise<void> {
    const refused = needsPerson(failure);
    this.asked = failure.question;
    const seen = this.current.seenAt !== null;
    const state: HostState =
      failure.kind === "fault"
        ? "failed"
        : refused
          ? "refused"
          : failure.kind === "lost" && seen
            ? "stale"
            : "unreachable";
    const wait = refused ? undefined : this.backoff.next();
    this.state(state, failure.message);
    this.deps.log("connection-failed", { kind: failure.kind, reason: failure.message, retryMs: wait ?? null });
    await this.pause(wait);
    this.asked = undefined;
  }

  /** Waits that long, or, without a time, until a person says to try again. */
  private pause(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.wake?.(), ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }

  private state(state: HostState, reason: string | undefined): void {
    if (state === this.current.state && reason === this.current.reason) return;
    const { reason: _, ...rest } = this.current;
    this.current = {
      ...rest,
      state,
      since: state === this.current.state ? this.current.since : Date.now(),
      ...(reason === undefined ? {} : { reason }),
    };
    this.deps.log("state", { state, reason: reason ?? null });
    try {
      this.emit(this.engine.host(this.current));
    } catch (error) {
      // An engine that cannot even say this is past use: a new one shows nothing, but it shows why. A connected host comes here again as `failed`, when its connection has ended.
      this.guard.tell("publishing a state", error);
      this.renew();
      if (state === "failed") this.guard.run("publishing a state", () => this.emit(this.engine.host(this.current)));
    }
  }
}

const faultText = ({ where, error }: Fault): string => `internal fault, ${where}: ${error.message.slice(0, 200)}`;
