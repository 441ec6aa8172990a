import type { DefaultEventsMap, Socket } from "socket.io";
import type { z } from "zod";
import type { Who } from "@/lib/wire/bus";
import {
  type Address,
  addressText,
  type Mark,
  type Pulse,
  type Step,
  type serverEvents,
  type Watch,
  type WatchReply,
} from "@/lib/wire/socket";
import { Pace } from "./pace";

export type ServerEvents = {
  [E in keyof typeof serverEvents]: (payload: z.output<(typeof serverEvents)[E]>) => void;
};
export type ClientEvents = {
  watch: (payload: Watch, reply: (answer: WatchReply) => void) => void;
  unwatch: (payload: Address, reply?: () => void) => void;
};
export type LiveSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, { credential: string; who: Who }>;

/**
 * What may wait for a slow browser inside this process. Above it the browser is told less, and made to catch up later.
 */
const maxQueued = 64;
const maxQueuedChars = 4_000_000;
const maxHeld = 512;
/** Streams that one browser may watch at once. */
const maxWatched = 100;

/** A stream that a browser looks at. */
interface Looking {
  readonly address: Address;
  /** Changes that came while the state is still being fetched; null when the browser has it. */
  held: Step[] | null;
  /** A change was left out, so those after it are of no use until the browser has asked again. */
  lost: boolean;
}

/**
 * One browser. Nothing for it is queued without bound: while it is slow it gets no changes at all; when its line is
 * free again a pulse shows it the gaps, and it asks for what it missed.
 */
export class LiveClient {
  readonly pace = new Pace(20, 2);
  private readonly looking = new Map<string, Looking>();
  private queued = 0;
  private queuedChars = 0;
  private behind = false;

  constructor(
    readonly socket: LiveSocket,
    private readonly pulseNow: (client: LiveClient) => void,
  ) {
    // engine.io buffers packets while its transport is busy and empties the buffer at once when it is free ("flush").
    socket.conn.on("packetCreate", (packet) => {
      this.queued++;
      this.queuedChars += typeof packet.data === "string" ? packet.data.length : 0;
    });
    socket.conn.on("flush", () => {
      this.queued = 0;
      this.queuedChars = 0;
      if (this.behind) setImmediate(() => this.catchUp());
    });
  }

  /** What it looks at, by stream. */
  get watched(): ReadonlyMap<string, { readonly address: Address }> {
    return this.looking;
  }

  /**
   * From now on changes of this stream are held back until `got`. Returns a mark that tells whether it still looks
   * there; undefined where it looks at too much.
   */
  lookAt({ topic, key }: Address): object | undefined {
    const address: Address = { topic, ...(key === undefined ? {} : { key }) };
    const stream = addressText(address);
    if (this.looking.size >= maxWatched && !this.looking.has(stream)) return undefined;
    const one: Looking = { address, held: [], lost: false };
    this.looking.set(stream, one);
    return one;
  }
  stillAt(address: Address, mark: object): boolean {
    return this.looking.get(addressText(address)) === mark;
  }
  /** The browser has the state at this point: sends what came after it. */
  got(address: Address, { epoch, seq }: Mark): void {
    const one = this.looking.get(addressText(address));
    if (!one?.held) return;
    const { held, lost } = one;
    one.held = null;
    one.lost = false;
    for (const step of held) if (step.epoch === epoch && step.seq > seq) this.change(addressText(address), step);
    one.lost ||= lost; // What was left out comes after what was held: its number shows at the next pulse.
  }
  lookAway(address: Address): void {
    this.looking.delete(addressText(address));
  }

  change(stream: string, step: Step): void {
    const one = this.looking.get(stream);
    if (!one || one.lost) return;
    if (one.held ? one.held.length < maxHeld : this.isFree()) {
      if (one.held) one.held.push(step);
      else this.socket.emit("change", { ...one.address, epoch: step.epoch, seq: step.seq, delta: step.delta });
    } else one.lost = true;
  }
  settings(): void {
    // Rare, short and important: not dropped, however slow the line.
    this.socket.emit("settings", {});
  }
  pulse(pulse: Pulse): void {
    if (this.isFree()) this.socket.emit("pulse", pulse);
  }

  private isFree(): boolean {
    this.behind ||= this.queued >= maxQueued || this.queuedChars >= maxQueuedChars;
    return !this.behind;
  }
  private catchUp(): void {
    if (this.queued > 0 || !this.socket.connected) return;
    this.behind = false;
    this.pulseNow(this);
  }
}
