import { io, type Socket } from "socket.io-client";
import type { z } from "zod";
import { serverEvents, type Watch, WatchReply } from "@/lib/wire/socket";
import { initialState, type LiveEvent, type LiveState, step } from "./state";

/** How long a question may stay without an answer before it counts as lost. */
const replyTimeout = 8000;

/** The one socket of this browser tab, and the state that it feeds. */
export class LiveClient {
  private state: LiveState = initialState(0);
  private readonly listeners = new Set<() => void>();
  private socket: Socket | undefined;

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
    // Effects run from the inside out: what is watched has been named before the socket is opened. It must not be forgotten here.
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
    this.on("delta", serverEvents.delta, (delta) => ({ kind: "delta", delta }));
    this.on("fleet", serverEvents.fleet, (change) => ({ kind: "fleet", change }));
    this.on("pulse", serverEvents.pulse, (pulse) => ({ kind: "pulse", pulse }));
    this.on("settings", serverEvents.settings, () => ({ kind: "settings" }));
    this.on("remedy", serverEvents.remedy, (progress) => ({ kind: "remedy", progress }));
  }

  /** Ends the socket: on logout, so that nothing of the old session stays on the page. */
  close(): void {
    this.socket?.disconnect();
    this.socket = undefined;
    this.state = initialState(Date.now());
    this.tell();
  }

  watchHost(host: string): void {
    this.take({ kind: "watch-host", host });
  }

  unwatchHost(host: string): void {
    if (this.state.watching === host && this.socket?.connected) this.socket.emit("unwatch", { what: host });
    this.take({ kind: "unwatch-host", host });
  }

  private on<T extends z.ZodType>(name: string, schema: T, event: (value: z.output<T>) => LiveEvent): void {
    this.socket?.on(name, (raw: unknown) => {
      const parsed = schema.safeParse(raw);
      if (parsed.success) this.take(event(parsed.data));
      // A push that we cannot read is a change that we do not have: never show green over it. The next pulse asks for what is missing.
      else console.error(`unreadable "${name}" from the server`, parsed.error.issues[0]);
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
    this.socket?.timeout(replyTimeout).emit("watch", watch, (lost: Error | null, raw: unknown) => {
      if (lost) return this.take({ kind: "no-reply", what: watch.what });
      const parsed = WatchReply.safeParse(raw);
      if (parsed.success) this.take({ kind: "reply", what: watch.what, reply: parsed.data });
      else {
        console.error(`unreadable answer to watch ${watch.what}`, parsed.error.issues[0]);
        this.take({ kind: "no-reply", what: watch.what });
      }
    });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Code that the server put into the refusal (`data.code`), else its message. */
function codeOf(error: Error): string {
  const data: unknown = "data" in error ? error.data : undefined;
  if (typeof data === "object" && data !== null && "code" in data) return String(data.code);
  return error.message;
}
