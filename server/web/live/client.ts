import type { DefaultEventsMap, Socket } from "socket.io";
import type { z } from "zod";
import type { Who } from "@/lib/wire/bus";
import type { HostDelta } from "@/lib/wire/model";
import type { FleetChange, Pulse, RemedyProgress, serverEvents, Watch, WatchReply } from "@/lib/wire/socket";
import { Pace } from "./pace";

export type ServerEvents = {
  [E in keyof typeof serverEvents]: (payload: z.output<(typeof serverEvents)[E]>) => void;
};
export type ClientEvents = {
  watch: (payload: Watch, reply: (answer: WatchReply) => void) => void;
  unwatch: (payload: { what: string }, reply?: () => void) => void;
};
export type LiveSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, { credential: string; who: Who }>;

/** What may wait for a slow browser inside this process. Above it the browser is told less, and made to catch up later. */
const maxQueued = 64;
const maxQueuedChars = 4_000_000;
const maxHeld = 512;

/**
 * One browser. Nothing for it is queued without bound: while it is slow it gets no deltas at all; when its line is free again a pulse shows it the gap
 * and it asks for what it missed, and of the fleet it gets the newest cards of those that changed.
 */
export class LiveClient {
  readonly pace = new Pace(20, 2);
  /**
   * The host that it looks at. `held`: deltas that came while its snapshot is still being fetched; null when it has it. `lost`: a delta was left out, so
   * those after it are of no use until the browser has asked again.
   */
  private host: { readonly id: string; held: HostDelta[] | null; lost: boolean } | null = null;
  private fleet: "no" | "fetching" | "yes" = "no";
  private queued = 0;
  private queuedChars = 0;
  private behind = false;
  private readonly missedCards = new Set<string>();

  constructor(
    readonly socket: LiveSocket,
    private readonly cardsNow: (ids: ReadonlySet<string>) => FleetChange,
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

  get hostId(): string | undefined {
    return this.host?.id;
  }
  get watchesFleet(): boolean {
    return this.fleet === "yes";
  }

  /** From now on deltas of this host are held back until `gotHost`. Returns a mark that tells whether it still looks there. */
  lookAt(id: string): object {
    this.host = { id, held: [], lost: false };
    return this.host;
  }
  stillAt(mark: object): boolean {
    return this.host === mark;
  }
  /** The browser has the state at this point: sends what came after it. */
  gotHost(epoch: string, seq: number): void {
    const held = this.host?.held;
    if (!this.host || !held) return;
    const { lost } = this.host;
    this.host.held = null;
    this.host.lost = false;
    for (const delta of held) if (delta.epoch === epoch && delta.seq > seq) this.delta(delta);
    this.host.lost ||= lost; // What was left out comes after what was held: its number shows at the next pulse.
  }
  lookAway(what: string): void {
    if (what === "fleet") this.fleet = "no";
    else if (this.host?.id === what) this.host = null;
  }
  fleetIs(state: "no" | "fetching" | "yes"): void {
    this.fleet = state;
    this.missedCards.clear();
  }

  delta(delta: HostDelta): void {
    if (this.host?.id !== delta.host || this.host.lost) return;
    const { held } = this.host;
    if (held ? held.length < maxHeld : this.isFree()) {
      if (held) held.push(delta);
      else this.socket.emit("delta", delta);
    } else this.host.lost = true;
  }
  change(change: FleetChange): void {
    if (this.fleet !== "yes") return;
    if (this.isFree()) {
      this.socket.emit("fleet", change);
      return;
    }
    for (const card of change.put) this.missedCards.add(card.host.id);
    for (const id of change.drop) this.missedCards.add(id);
  }
  progress(progress: RemedyProgress): void {
    // Rare, short and important: not dropped, however slow the line.
    if (this.host?.id === progress.host) this.socket.emit("remedy", progress);
  }
  settings(): void {
    // As rare and as short.
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
    if (this.missedCards.size > 0 && this.fleet === "yes") {
      this.socket.emit("fleet", this.cardsNow(this.missedCards));
      this.missedCards.clear();
    }
    this.pulseNow(this);
  }
}
