import type { BusPush } from "@/lib/wire/bus";
import { type Address, addressText, type Mark, type Watch, type WatchReply } from "@/lib/wire/socket";
import { addressProblem } from "@/lib/wire/topics/find";
import { wire } from "@/lib/wire/version";
import { BusProblem } from "@/server/bus/problem";
import type { Collector } from "../collector";
import type { LiveClient } from "./client";
import { StepRing } from "./ring";

/** A ring is kept this long after the last browser looked away: time for a reload or a lost Wi-Fi. */
const keepRingMs = 10 * 60_000;

/** A stream that somebody looks at, or did just now: the collector sends its changes here. */
interface Stream {
  readonly address: Address;
  readonly ring: StepRing;
  lookedAt: number;
}

/**
 * Stands between the collector's streams and the browsers. Knows who looks at what, and of each stream the newest
 * number and changes; what is in them it does not look at.
 */
export class LiveHub {
  readonly clients = new Set<LiveClient>();
  private readonly streams = new Map<string, Stream>();
  /** Streams whose newest number is not known since the line to the collector was cut. */
  private readonly unsure = new Set<string>();
  private syncing = false;

  constructor(
    private readonly collector: Collector,
    private readonly log: (line: string) => void,
    /** Which build of the pages is served; undefined where none is, or not yet. */
    private readonly build: () => string | undefined = () => undefined,
  ) {}

  /** Takes a message of the collector. */
  take(push: BusPush): void {
    if (push.push === "hello") this.restart();
    else if (push.push === "change") {
      const stream = addressText(push);
      this.streams.get(stream)?.ring.push(push);
      for (const client of this.clients) client.change(stream, push);
    } else for (const client of this.clients) client.settings();
  }

  /**
   * Answers a `watch`. The state at the moment of the answer, and every change after it, reach the browser in order.
   */
  async watch(client: LiveClient, ask: Watch, credential: string): Promise<WatchReply> {
    const wrong = addressProblem(ask);
    if (wrong !== undefined) return { kind: "refused", reason: wrong };
    const mark = client.lookAt(ask);
    if (!mark) return { kind: "refused", reason: "Too much is watched at once." };
    try {
      return await this.answer(client, ask, mark, credential);
    } catch (error) {
      client.lookAway(ask);
      if (error instanceof BusProblem) return { kind: "refused", reason: error.message };
      throw error;
    }
  }

  /** Tells every browser the newest numbers; asks the collector for those that are not known. */
  tick(): void {
    for (const client of this.clients) this.pulse(client);
    if (this.unsure.size > 0 && this.collector.up) void this.sync();
    const now = Date.now();
    const looked = this.looked();
    for (const [name, stream] of this.streams)
      if (looked.has(name)) stream.lookedAt = now;
      else if (now - stream.lookedAt > keepRingMs) this.leave(name, stream);
  }

  pulse(client: LiveClient): void {
    const marks = [...client.watched].flatMap(([name, { address }]) => {
      const newest = this.streams.get(name)?.ring.newest;
      return newest ? { ...address, ...newest } : [];
    });
    const build = this.build();
    client.pulse({
      at: Date.now(),
      collector: this.collector.up ? "up" : "down",
      marks,
      wire: wire.version,
      ...(build === undefined ? {} : { build }),
    });
  }

  private async answer(client: LiveClient, ask: Watch, mark: object, credential: string): Promise<WatchReply> {
    const { ring } = this.streamOf(ask);
    const missed = ask.since && ring.since(ask.since);
    if (ask.since && missed && this.collector.up) {
      client.got(ask, missed.at(-1) ?? ask.since);
      return { kind: "deltas", deltas: missed };
    }
    const { epoch, seq, snapshot } = await this.fetch(ask, false, credential);
    ring.saw({ epoch, seq });
    this.unsure.delete(addressText(ask));
    // The acknowledgement leaves when this function returns; what was held must leave after it.
    setImmediate(() => {
      if (client.stillAt(ask, mark)) client.got(ask, { epoch, seq });
    });
    return { kind: "snapshot", epoch, seq, snapshot };
  }

  private fetch({ topic, key }: Address, bare: boolean, credential: string) {
    return this.collector.call("topic.watch", { topic, ...(key === undefined ? {} : { key }), bare }, credential);
  }

  private streamOf({ topic, key }: Address): Stream {
    const address: Address = { topic, ...(key === undefined ? {} : { key }) };
    const name = addressText(address);
    let stream = this.streams.get(name);
    if (!stream) {
      stream = { address, ring: new StepRing(), lookedAt: Date.now() };
      this.streams.set(name, stream);
    }
    return stream;
  }

  private looked(): ReadonlySet<string> {
    return new Set([...this.clients].flatMap((client) => [...client.watched.keys()]));
  }

  /** Nobody has looked for long: its changes need not cross the bus any more. */
  private leave(name: string, { address }: Stream): void {
    this.streams.delete(name);
    this.unsure.delete(name);
    if (!this.collector.up) return;
    this.collector.call("topic.leave", address, "").catch((error: unknown) => {
      // A line that is lost has left everything.
      if (!(error instanceof BusProblem)) this.log(`web: ${String(error)}`);
    });
  }

  /**
   * The line to the collector is new, perhaps the collector too. Changes may have been missed either way, so no number
   * known here is trusted until the collector has been asked again: a browser must not stay green over a gap that
   * nobody saw.
   */
  private restart(): void {
    const looked = this.looked();
    for (const [name, stream] of this.streams) {
      stream.ring.clear();
      if (looked.has(name)) this.unsure.add(name);
      else this.leave(name, stream);
    }
    for (const client of this.clients) client.settings();
    this.tick();
  }

  private async sync(): Promise<void> {
    if (this.syncing) return;
    this.syncing = true;
    try {
      for (const name of [...this.unsure]) await this.syncOne(name);
    } catch (error) {
      // Down again, or a session that has just ended: the next pulse tries again, with whoever looks then.
      if (!(error instanceof BusProblem)) this.log(`web: ${String(error)}`);
    } finally {
      this.syncing = false;
    }
  }

  private async syncOne(name: string): Promise<void> {
    const lookers = [...this.clients].filter((one) => one.watched.has(name));
    const stream = this.streams.get(name);
    const [asker] = lookers;
    if (asker && stream) {
      const mark = await this.markOf(stream.address, asker.socket.data.credential);
      if (mark) stream.ring.saw(mark);
    }
    this.unsure.delete(name);
    for (const client of lookers) this.pulse(client);
  }

  private async markOf(address: Address, credential: string): Promise<Mark | undefined> {
    try {
      return await this.fetch(address, true, credential);
    } catch (error) {
      // Removed meanwhile: there is nothing to be in step with.
      if (error instanceof BusProblem && error.code === "not-found") return undefined;
      throw error;
    }
  }
}
