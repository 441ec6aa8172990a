import type { BusPush } from "@/lib/wire/bus";
import type { HostCard } from "@/lib/wire/model";
import type { FleetChange, Watch, WatchReply } from "@/lib/wire/socket";
import { BusProblem } from "@/server/bus/problem";
import type { Collector } from "../collector";
import type { LiveClient } from "./client";
import { DeltaRing } from "./ring";

/** A ring is kept this long after the last browser looked away: time for a reload or a lost Wi-Fi. */
const keepRingMs = 10 * 60_000;

/**
 * Stands between the collector's one stream of changes and the browsers. Knows who looks at what, the newest number of each host looked at, and
 * the newest cards.
 */
export class LiveHub {
  readonly clients = new Set<LiveClient>();
  private readonly rings = new Map<string, { readonly ring: DeltaRing; lookedAt: number }>();
  private cards = new Map<string, HostCard>();
  private epoch: string | undefined;
  /** Hosts ("fleet" too) whose newest state is not known since the line to the collector was cut. */
  private readonly unsure = new Set<string>();
  private syncing = false;

  constructor(
    private readonly collector: Collector,
    private readonly log: (line: string) => void,
  ) {}

  /** Takes a message of the collector. */
  take(push: BusPush): void {
    if (push.push === "hello") this.restart(push.epoch);
    else if (push.push === "delta") {
      this.rings.get(push.delta.host)?.ring.push(push.delta);
      for (const client of this.clients) client.delta(push.delta);
    } else if (push.push === "fleet") {
      this.apply(push.change);
      for (const client of this.clients) client.change(push.change);
    } else if (push.push === "remedy") for (const client of this.clients) client.progress(push.progress);
    else for (const client of this.clients) client.settings();
  }

  /** Answers a `watch`. The state at the moment of the answer, and every delta after it, reach the browser in order. */
  async watch(client: LiveClient, ask: Watch, credential: string): Promise<WatchReply> {
    try {
      return await (ask.what === "fleet"
        ? this.watchFleet(client, credential)
        : this.watchHost(client, ask, credential));
    } catch (error) {
      client.lookAway(ask.what);
      if (error instanceof BusProblem) return { kind: "refused", reason: error.message };
      throw error;
    }
  }

  /** Tells every browser the newest numbers; asks the collector for those that are not known. */
  tick(): void {
    for (const client of this.clients) this.pulse(client);
    if (this.unsure.size > 0 && this.collector.up) void this.sync();
    const now = Date.now();
    const looked = new Set([...this.clients].map((client) => client.hostId));
    for (const [host, entry] of this.rings) {
      if (looked.has(host)) entry.lookedAt = now;
      else if (now - entry.lookedAt > keepRingMs) this.rings.delete(host);
    }
  }

  pulse(client: LiveClient): void {
    const host = client.hostId;
    const newest = host === undefined ? undefined : this.rings.get(host)?.ring.newest;
    const watching = host ?? (client.watchesFleet ? "fleet" : undefined);
    const epoch = newest?.epoch ?? this.epoch;
    client.pulse({
      at: Date.now(),
      collector: this.collector.up ? "up" : "down",
      ...(watching === undefined ? {} : { watching }),
      ...(epoch === undefined ? {} : { epoch }),
      ...(newest === undefined ? {} : { seq: newest.seq }),
    });
  }

  /** The cards of these hosts as they are now; those that are gone are dropped. */
  cardsOf(ids: ReadonlySet<string>): FleetChange {
    const put: HostCard[] = [];
    const drop: string[] = [];
    for (const id of ids) {
      const card = this.cards.get(id);
      if (card) put.push(card);
      else drop.push(id);
    }
    return { put, drop };
  }

  private async watchFleet(client: LiveClient, credential: string): Promise<WatchReply> {
    client.fleetIs("fetching");
    const { cards, epoch } = await this.collector.call("fleet.cards", {}, credential);
    this.epoch = epoch;
    this.cards = new Map(cards.map((card) => [card.host.id, card]));
    client.fleetIs("yes");
    return { kind: "fleet", cards, at: Date.now() };
  }

  private async watchHost(client: LiveClient, ask: Watch, credential: string): Promise<WatchReply> {
    const mark = client.lookAt(ask.what);
    const missed = ask.since && this.rings.get(ask.what)?.ring.since(ask.since.epoch, ask.since.seq);
    if (ask.since && missed && this.collector.up) {
      client.gotHost(ask.since.epoch, missed.at(-1)?.seq ?? ask.since.seq);
      return { kind: "deltas", deltas: missed };
    }
    const ring = this.ringOf(ask.what);
    const snapshot = await this.collector.call("host.snapshot", { host: ask.what }, credential);
    ring.saw(snapshot.epoch, snapshot.seq);
    this.unsure.delete(ask.what);
    // The acknowledgement leaves when this function returns; what was held must leave after it.
    setImmediate(() => {
      if (client.stillAt(mark)) client.gotHost(snapshot.epoch, snapshot.seq);
    });
    return { kind: "snapshot", snapshot };
  }

  private ringOf(host: string): DeltaRing {
    let entry = this.rings.get(host);
    if (!entry) {
      entry = { ring: new DeltaRing(), lookedAt: Date.now() };
      this.rings.set(host, entry);
    }
    return entry.ring;
  }

  private apply(change: FleetChange): void {
    for (const card of change.put) this.cards.set(card.host.id, card);
    for (const id of change.drop) {
      this.cards.delete(id);
      this.rings.delete(id);
    }
  }

  /**
   * The line to the collector is new, perhaps the collector too. Deltas may have been missed either way, so no number known here is trusted until
   * the collector has been asked again: a browser must not stay green over a gap that nobody saw.
   */
  private restart(epoch: string): void {
    this.epoch = epoch;
    for (const { ring } of this.rings.values()) ring.clear();
    for (const client of this.clients) {
      if (client.hostId !== undefined) this.unsure.add(client.hostId);
      if (client.watchesFleet) this.unsure.add("fleet");
      client.settings();
    }
    this.tick();
  }

  private async sync(): Promise<void> {
    if (this.syncing) return;
    this.syncing = true;
    try {
      for (const what of [...this.unsure]) await this.syncOne(what);
    } catch (error) {
      // Down again, or a session that has just ended: the next pulse tries again, with whoever looks then.
      if (!(error instanceof BusProblem)) this.log(`web: ${String(error)}`);
    } finally {
      this.syncing = false;
    }
  }

  private async syncOne(what: string): Promise<void> {
    const lookers = [...this.clients].filter((one) => (what === "fleet" ? one.watchesFleet : one.hostId === what));
    const asker = lookers[0];
    if (!asker) {
      this.unsure.delete(what);
      return;
    }
    const { credential } = asker.socket.data;
    if (what === "fleet") {
      const { cards } = await this.collector.call("fleet.cards", {}, credential);
      const before = this.cards;
      this.cards = new Map(cards.map((card) => [card.host.id, card]));
      const drop = [...before.keys()].filter((id) => !this.cards.has(id));
      for (const client of this.clients) client.change({ put: cards, drop });
    } else await this.syncHost(what, credential);
    this.unsure.delete(what);
    for (const client of lookers) this.pulse(client);
  }

  private async syncHost(host: string, credential: string): Promise<void> {
    try {
      const { epoch, seq } = await this.collector.call("host.snapshot", { host }, credential);
      this.ringOf(host).saw(epoch, seq);
    } catch (error) {
      // Removed meanwhile: there is nothing to be in step with.
      if (!(error instanceof BusProblem && error.code === "not-found")) throw error;
    }
  }
}
