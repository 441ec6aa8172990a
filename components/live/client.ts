import { io, type Socket } from "socket.io-client";
import type { z } from "zod";
import { type Address, addressText, serverEvents, type Watch, WatchReply } from "@/lib/wire/socket";
import { topicOf } from "@/lib/wire/topics/find";
import { initialState, type LiveEvent, type LiveState, step } from "./state";

/** How long a question may stay without an answer before it counts as lost. */
const replyTimeout = 8000;

/** The one socket of this browser tab, and the state that it feeds. */
export class LiveClient {
  private state: LiveState = initialState(0);
  private readonly listeners = new Set<() => void>();
  private socket: Socket | undefined;
  /** How many parts of the page watch each stream. */
  private readonly watchers = new Map<string, number>();

  readonly read = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Connects; called again it does nothing. */
  open(): void {
    if (this.socket) {
      if (!this.socket.active) this.socket.connect();
      return;
    }
    // Effects run from the inside out: what is watched has been named before the socket is opened. It must not be
    // forgotten here.
    this.state = { ...this.state, linkSince: Date.now(), collectorSince: Date.now() };
    const socket = io({ path: "/socket.io/", transports: ["websocket", "polling"], reconnectionDelayMax: 5000 });
    this.socket = socket;
    socket.on("connect", () => this.take({ kind: "connected" }));
    socket.on("disconnect", (reason) => {
      this.take({ kind: "disconnected" });
      // The server ended it on purpose (session revoked, restart): socket.io does not reconnect by itself then.
      if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
    });
    socket.on("connect_error", (error) => {
      const code = codeOf(error);
      if (code === "no-session" || code === "role") {
        this.take({ kind: "turned-away", reason: error.message });
        socket.disconnect();
      } else this.take({ kind: "disconnected" });
    });
    this.on("change", serverEvents.change, ({ topic, key, ...step }) => {
      const delta = topicOf(topic)?.delta.safeParse(step.delta);
      if (!delta?.success) return unreadable(`change of ${topic}`, delta?.error.issues[0]);
      return { kind: "change", address: addressOf(topic, key), step: { ...step, delta: delta.data } };
    });
    this.on("pulse", serverEvents.pulse, (pulse) => ({ kind: "pulse", pulse }));
    this.on("settings", serverEvents.settings, () => ({ kind: "settings" }));
  }

  /** Ends the socket: on logout, so that nothing of the old session stays on the page. */
  close(): void {
    this.socket?.disconnect();
    this.socket = undefined;
    this.state = initialState(Date.now());
    this.tell();
  }

  /** Watches a stream, until what it returns is called. Several may watch the same. */
  watch(address: Address): () => void {
    const name = addressText(address);
    this.watchers.set(name, (this.watchers.get(name) ?? 0) + 1);
    this.take({ kind: "watch", address });
    let watching = true;
    return () => {
      if (!watching) return;
      watching = false;
      const left = (this.watchers.get(name) ?? 1) - 1;
      if (left > 0) {
        this.watchers.set(name, left);
        return;
      }
      this.watchers.delete(name);
      if (this.socket?.connected) this.socket.emit("unwatch", address);
      this.take({ kind: "unwatch", address });
    };
  }

  private on<T extends z.ZodType>(name: string, schema: T, event: (value: z.output<T>) => LiveEvent | undefined): void {
    this.socket?.on(name, (raw: unknown) => {
      const parsed = schema.safeParse(raw);
      const made = parsed.success ? event(parsed.data) : unreadable(name, parsed.error.issues[0]);
      if (made) this.take(made);
    });
  }

  private take(event: LiveEvent): void {
    const next = step(this.state, event, Date.now());
    if (next.state !== this.state) {
      this.state = next.state;
      this.tell();
    }
    for (const watch of next.ask) this.ask(watch);
  }

  private ask(watch: Watch): void {
    const address = addressOf(watch.topic, watch.key);
    this.socket?.timeout(replyTimeout).emit("watch", watch, (lost: Error | null, raw: unknown) => {
      const reply = lost ? undefined : replyOf(watch.topic, raw);
      this.take(reply ? { kind: "reply", address, reply } : { kind: "no-reply", address });
    });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

const addressOf = (topic: string, key: string | undefined): Address => ({
  topic,
  ...(key === undefined ? {} : { key }),
});

/**
 * What we cannot read is a change that we do not have: never show green over it. The next pulse asks for what is
 * missing.
 */
function unreadable(what: string, why: unknown): undefined {
  console.error(`unreadable from the server: ${what}`, why);
}

/** The answer to a `watch`, what is in it read by its topic's schemas; undefined where it cannot be read. */
function replyOf(name: string, raw: unknown): WatchReply | undefined {
  const topic = topicOf(name);
  const parsed = WatchReply.safeParse(raw);
  if (!topic || !parsed.success) return unreadable(`answer to watch ${name}`, parsed.error?.issues[0]);
  const reply = parsed.data;
  if (reply.kind === "refused") return reply;
  if (reply.kind === "snapshot") {
    const snapshot = topic.snapshot.safeParse(reply.snapshot);
    if (!snapshot.success) return unreadable(`snapshot of ${name}`, snapshot.error.issues[0]);
    return { ...reply, snapshot: snapshot.data };
  }
  const deltas = [];
  for (const step of reply.deltas) {
    const delta = topic.delta.safeParse(step.delta);
    if (!delta.success) return unreadable(`change of ${name}`, delta.error.issues[0]);
    deltas.push({ ...step, delta: delta.data });
  }
  return { kind: "deltas", deltas };
}

/** Code that the server put into the refusal (`data.code`), else its message. */
function codeOf(error: Error): string {
  const data: unknown = "data" in error ? error.data : undefined;
  if (typeof data === "object" && data !== null && "code" in data) return String(data.code);
  return error.message;
}
