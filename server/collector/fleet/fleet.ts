import type { SettingValues } from "@/lib/checks/settings";
import type { SegmentsChange } from "@/lib/fleet/run";
import type { FleetSegment } from "@/lib/fleet/segment";
import type { HostNow } from "@/lib/fleet/summary";
import type { HostMemory } from "@/lib/graph/pass";
import type { Probe } from "@/lib/probes/define";
import type { HostCard, HostDelta, HostInfo } from "@/lib/wire/model";
import type { FleetChange } from "@/lib/wire/topics/fleet";
import type { MemoryRepository } from "@/server/store/repositories/memory";
import type { ProblemRepository } from "@/server/store/repositories/problems";
import type { HostEngine, MakeEngine } from "../engine/api";
import { sourceOf } from "../sources/any";
import type { AnySpec, FleetHost } from "../sources/define";
import type { Connect, KeyBook } from "../ssh/api";
import { HostBudget, SumBudget } from "../ssh/budget";
import type { ActorDeps } from "./actor";
import { HistoryRecorder } from "./history";
import { OverHosts } from "./over-hosts";
import { Slots } from "./slots";
import { type Pace, pace } from "./sweeper";
import { Turns } from "./turns";

/** A card is sent at most this often, and memory written at most this often, ms. */
const cardEveryMs = 250;
const writeEveryMs = 5_000;
const connectsAtOnce = 16;

export interface FleetDeps {
  readonly epoch: string;
  readonly connect: Connect;
  readonly keys: KeyBook;
  readonly makeEngine: MakeEngine;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly memory: MemoryRepository;
  readonly problems: ProblemRepository;
  /** Thresholds of checks at the start; see setSettings. */
  readonly settings: SettingValues;
  readonly log: (event: string, more?: Record<string, unknown>) => void;
  readonly onDelta: (delta: HostDelta) => void;
  readonly onFleet: (change: FleetChange) => void;
  readonly onLive?: (host: string) => void;
  /** Segments that hosts share: those that are new or different, and ids of those that are gone. */
  readonly onSegments?: (change: SegmentsChange) => void;
  /** The engine of a host was made anew: what the one before has said no longer counts. */
  readonly onRenew?: (host: string) => void;
  readonly pace?: Partial<Pace>;
  readonly random?: () => number;
}

interface Member {
  readonly actor: FleetHost;
  history: HistoryRecorder;
  readonly demo: boolean;
  /** What is learnt of it is kept, and its problems make history. */
  readonly kept: boolean;
  cardSentAt: number;
  /** Checks whose defect has been logged. */
  readonly defects: Set<string>;
}

/** All hosts. Holds no secret longer than their specs, asks no clock but timers, and keeps two timers for itself, however many hosts there are. */
export class Fleet {
  private readonly members = new Map<string, Member>();
  private readonly slots = new Slots(connectsAtOnce);
  private readonly turns = new Turns();
  private readonly sum = new SumBudget();
  private readonly over: OverHosts;
  private readonly cardsDue = new Set<string>();
  private readonly writesDue = new Set<string>();
  private cardTimer: ReturnType<typeof setTimeout> | undefined;
  private writeTimer: ReturnType<typeof setTimeout> | undefined;
  private added = 0;
  private settings: SettingValues;

  constructor(private readonly deps: FleetDeps) {
    this.settings = deps.settings;
    this.over = new OverHosts({
      now: (id) => this.shows(id),
      tell: (id, facts) => this.members.get(id)?.actor.tell(facts) ?? false,
      onSegments: (change) => deps.onSegments?.(change),
      log: deps.log,
      turns: this.turns,
    });
  }

  /** Adds a host, or gives a known one its new settings. Demo hosts leave nothing in the store. */
  async add(spec: AnySpec, demo = false): Promise<void> {
    const known = this.members.get(spec.id);
    if (known) {
      known.actor.reconfigure(spec, spec.id);
      return;
    }
    const source = sourceOf(spec);
    const kept = source.watched && !demo;
    const memory = kept ? await this.deps.memory.get(spec.id) : {};
    if (this.members.has(spec.id)) return this.add(spec, demo);
    const info: HostInfo = {
      id: spec.id,
      name: spec.id,
      source: source.kind,
      ...source.info(spec),
      state: "connecting",
      since: Date.now(),
      seenAt: null,
      demo,
    };
    const deps: ActorDeps = {
      connect: this.deps.connect,
      keys: this.deps.keys,
      slots: this.slots,
      turns: this.turns,
      probes: this.deps.probes,
      pace: { ...pace, ...this.deps.pace },
      random: this.deps.random ?? Math.random,
      log: (event, more) => this.deps.log(event, { host: spec.id, ...more }),
      onDelta: (delta) => this.delta(spec.id, delta),
      onLive: (host) => this.deps.onLive?.(host),
      onRead: () => this.over.look(spec.id),
      renew: (now, memory) => this.renew(now, memory),
      budget: new HostBudget(this.sum),
    };
    const actor = source.host({ spec, engine: this.engineFor(info, memory), info, deps });
    const history = new HistoryRecorder(spec.id, this.deps.problems);
    this.members.set(spec.id, { actor, history, demo, kept, cardSentAt: 0, defects: new Set() });
    this.cardDue(spec.id);
    actor.start();
  }

  /** Numbers begin anew with a host that was removed and added again, or whose engine was: they must not pass for those that went before. */
  private engineFor(info: HostInfo, memory: HostMemory): HostEngine {
    return this.deps.makeEngine(info, `${this.deps.epoch}.${this.added++}`, memory, this.settings);
  }

  private renew(info: HostInfo, memory: HostMemory): HostEngine {
    const member = this.members.get(info.id);
    // What has ended meanwhile, the new engine never tells: it is found as after a start.
    if (member) member.history = new HistoryRecorder(info.id, this.deps.problems);
    this.over.forget(info.id);
    this.deps.onRenew?.(info.id);
    return this.engineFor(info, memory);
  }

  /** Ends a host's connection and forgets it here; the store is its caller's business. False when there is none. */
  remove(id: string): boolean {
    const member = this.members.get(id);
    if (!member) return false;
    member.actor.stop();
    this.members.delete(id);
    this.cardsDue.delete(id);
    this.writesDue.delete(id);
    this.over.look(id);
    this.deps.onFleet({ put: [], drop: [id] });
    return true;
  }

  host(id: string): FleetHost | undefined {
    return this.members.get(id)?.actor;
  }

  hosts(): readonly FleetHost[] {
    return [...this.members.values()].map((member) => member.actor);
  }

  demoHosts(): string[] {
    return [...this.members].filter(([, member]) => member.demo).map(([id]) => id);
  }

  /** Segments that hosts share. */
  segments(): readonly FleetSegment[] {
    return this.over.segments;
  }

  cards(): HostCard[] {
    return this.hosts().map((actor) => actor.card());
  }

  /**
   * Gives every host other thresholds, and new ones from the start. Host by host, with room for other work between: a large fleet must not stand still for it.
   * Resolves when all have judged by them, or by still newer ones.
   */
  async setSettings(settings: SettingValues): Promise<void> {
    this.settings = settings;
    for (const id of [...this.members.keys()]) {
      this.members.get(id)?.actor.setSettings(this.settings);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Tries again all hosts that wait for a person because of their key: one has just been approved. */
  retryForKey(): void {
    for (const actor of this.hosts()) if (actor.question) actor.retry();
  }

  /** Ends all connections and writes what has not been written. */
  async stop(): Promise<void> {
    clearTimeout(this.cardTimer);
    clearTimeout(this.writeTimer);
    this.over.stop();
    for (const { actor } of this.members.values()) actor.stop();
    await this.write();
  }

  private delta(id: string, delta: HostDelta): void {
    const member = this.members.get(id);
    if (!member) return;
    this.deps.onDelta(delta);
    this.cardDue(id);
    this.reportDefects(id, member);
    this.over.look(id);
    if (!member.kept) return;
    member.history.take(delta);
    this.writesDue.add(id);
    this.writeTimer ??= setTimeout(() => void this.write(), writeEveryMs);
  }

  /** What the other hosts are told of this one. */
  private shows(id: string): HostNow | undefined {
    const member = this.members.get(id);
    if (!member) return undefined;
    const { state, name } = member.actor.info;
    const live = state === "live" || state === "degraded";
    return { name, demo: member.demo, live, summary: member.actor.engine.summary };
  }

  /** A check that threw is a defect of ours: it is said once a host and check, not with every sweep. */
  private reportDefects(id: string, member: Member): void {
    for (const [check, { last }] of member.actor.engine.defects) {
      if (member.defects.has(check)) continue;
      member.defects.add(check);
      this.deps.log("check-threw", { host: id, check, reason: last });
    }
  }

  private cardDue(id: string): void {
    if (this.cardsDue.has(id)) return;
    this.cardsDue.add(id);
    if (this.cardTimer !== undefined) return;
    const since = Date.now() - (this.members.get(id)?.cardSentAt ?? 0);
    // The first change at once (all that comes with it in one message), further ones together.
    this.cardTimer = setTimeout(() => this.sendCards(), since >= cardEveryMs ? 0 : cardEveryMs - since);
  }

  private sendCards(): void {
    this.cardTimer = undefined;
    const now = Date.now();
    const put: HostCard[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const id of this.cardsDue) {
      const member = this.members.get(id);
      const wait = member ? member.cardSentAt + cardEveryMs - now : 0;
      if (wait > 0) {
        next = Math.min(next, wait);
        continue;
      }
      this.cardsDue.delete(id);
      if (!member) continue;
      member.cardSentAt = now;
      // What its actor cannot mend by itself must not keep the others' cards back.
      try {
        put.push(member.actor.card());
      } catch (error) {
        this.deps.log("fault", { host: id, where: "a card", reason: String(error) });
      }
    }
    if (put.length > 0) this.deps.onFleet({ put, drop: [] });
    if (next !== Number.POSITIVE_INFINITY) this.cardTimer = setTimeout(() => this.sendCards(), next);
  }

  private async write(): Promise<void> {
    const due = [...this.writesDue];
    this.writesDue.clear();
    this.writeTimer = undefined;
    for (const id of due) {
      const member = this.members.get(id);
      if (!member) continue;
      try {
        await this.deps.memory.put(id, member.actor.engine.memory(), Date.now());
        await member.history.flush(member.actor.engine.snapshot(), member.actor.readAll);
      } catch (error) {
        // A full disk must not end the watch over the hosts; what was not written is tried with the next change.
        this.deps.log("store-failed", { host: id, reason: String(error) });
      }
    }
  }
}
