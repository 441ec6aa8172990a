import { connect, type Socket } from "node:net";
import { Actor, type BusMethod, type BusParams, BusPush, BusReply, type BusResult, busMethods } from "@/lib/wire/bus";
import { defaultLimitMs } from "@/lib/wire/routes/define";
import { issueOf } from "./issue";
import { LineSplitter, maxRequest } from "./lines";
import { BusProblem } from "./problem";

export interface BusClientOptions {
  readonly path: string;
  /** Shows the collector that it was started together with us (token.ts). */
  readonly token: string;
  readonly log: (line: string) => void;
  /** Longest message from the collector, characters: a snapshot of a very large host. */
  readonly maxMessage?: number;
  readonly random?: () => number;
}

const firstWaitMs = 100;
const longestWaitMs = 3_000;
/** A line that is open but says no hello within this time is no collector. */
const helloMs = 5_000;

interface Waiting {
  readonly method: BusMethod;
  readonly resolve: (result: unknown) => void;
  readonly reject: (problem: BusProblem) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * The web process's end of the bus. Connects again by itself, with growing waits, until `close`. `up` from the collector's hello to the loss of the
 * line; a hello while up means that changes were dropped: whoever keeps snapshots takes them again.
 */
export class BusClient {
  private socket: Socket | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wait = firstWaitMs;
  private nextId = 1;
  private closed = false;
  private isUp = false;
  private readonly waiting = new Map<number, Waiting>();
  private readonly pushListeners = new Set<(push: BusPush) => void>();
  private readonly stateListeners = new Set<(up: boolean) => void>();

  constructor(private readonly options: BusClientOptions) {
    this.dial();
  }

  get up(): boolean {
    return this.isUp;
  }

  /**
   * Asks the collector, which may take `limitMs`: what takes a host's time says so in its route's contract. Rejects
   * with BusProblem: the collector's refusal, "timeout", or "collector-down".
   */
  call<M extends BusMethod>(
    method: M,
    params: BusParams<M>,
    session: string,
    limitMs: number = defaultLimitMs,
  ): Promise<BusResult<M>> {
    const socket = this.socket;
    if (!Object.hasOwn(busMethods, method))
      return Promise.reject(new BusProblem("unknown-method", `there is no method ${method}`));
    if (!this.isUp || !socket) return Promise.reject(down());
    const id = this.nextId++;
    const line = JSON.stringify({ id, method, actor: { session }, params });
    // The collector takes neither for a request, and cuts the line of whoever sends such: with it all other visitors would lose what they wait for.
    if (!Actor.safeParse({ session }).success)
      return Promise.reject(new BusProblem("no-session", "this session or token is not valid (any more)"));
    if (line.length > maxRequest)
      return Promise.reject(new BusProblem("bad-request", `${method}: longer than ${maxRequest} characters`));
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new BusProblem("timeout", `the collector has not answered ${method} within ${limitMs / 1000} s`));
      }, limitMs);
      this.waiting.set(id, { method, resolve, reject, timer });
      socket.write(`${line}\n`);
    }) as Promise<BusResult<M>>;
  }

  /** Messages from the collector, in order. Returns how to stop listening. */
  onPush(listener: (push: BusPush) => void): () => void {
    this.pushListeners.add(listener);
    return () => this.pushListeners.delete(listener);
  }

  /** Called whenever `up` changes. Returns how to stop listening. */
  onState(listener: (up: boolean) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.retry);
    this.socket?.destroy();
    this.lost();
  }

  private dial(): void {
    const socket = connect(this.options.path, () => socket.write(`${JSON.stringify({ token: this.options.token })}\n`));
    const splitter = new LineSplitter(this.options.maxMessage ?? 134_217_728);
    const quiet = setTimeout(() => {
      this.options.log("bus: no hello from the collector; connecting again");
      socket.destroy();
    }, helloMs);
    this.socket = socket;
    socket.on("data", (chunk) => {
      try {
        for (const line of splitter.push(chunk)) this.message(line, () => clearTimeout(quiet));
      } catch (error) {
        this.options.log(`bus: line cut: ${error instanceof Error ? error.message : error}`);
        socket.destroy();
      }
    });
    // Expected whenever the collector is down; "close" follows and says so once, by the change of state.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(quiet);
      if (this.socket !== socket) return;
      this.lost();
      this.dialLater();
    });
  }

  private dialLater(): void {
    if (this.closed) return;
    const ms = this.wait * (0.5 + (this.options.random ?? Math.random)() / 2);
    this.wait = Math.min(longestWaitMs, this.wait * 2);
    this.retry = setTimeout(() => this.dial(), ms);
  }

  private lost(): void {
    this.socket = undefined;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(down());
    }
    this.waiting.clear();
    this.setUp(false);
  }

  private setUp(up: boolean): void {
    if (this.isUp === up) return;
    this.isUp = up;
    for (const listener of this.stateListeners) listener(up);
  }

  private message(line: string, heard: () => void): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      this.options.log(`bus: the collector sent what is not JSON: ${error instanceof Error ? error.message : error}`);
      return;
    }
    if (value !== null && typeof value === "object" && "push" in value) this.pushed(value, heard);
    else this.replied(value);
  }

  private pushed(value: unknown, heard: () => void): void {
    const push = BusPush.safeParse(value);
    if (!push.success) {
      this.options.log(`bus: a push that does not fit: ${issueOf(push.error)}`);
      return;
    }
    if (push.data.push === "hello") {
      heard();
      this.wait = firstWaitMs;
      this.setUp(true);
    }
    for (const listener of this.pushListeners) listener(push.data);
  }

  private replied(value: unknown): void {
    const reply = BusReply.safeParse(value);
    if (!reply.success) {
      this.options.log(`bus: a reply that does not fit: ${issueOf(reply.error)}`);
      return;
    }
    const waiting = this.waiting.get(reply.data.id);
    if (!waiting) return; // Answered too late: whoever asked was told so.
    this.waiting.delete(reply.data.id);
    clearTimeout(waiting.timer);
    if (!reply.data.ok) {
      const { code, message, retryAfter, words } = reply.data;
      waiting.reject(new BusProblem(code, message, retryAfter, words));
      return;
    }
    const result = busMethods[waiting.method].result.safeParse(reply.data.result);
    if (result.success) {
      waiting.resolve(result.data);
      return;
    }
    this.options.log(`bus: the answer to ${waiting.method} does not fit: ${issueOf(result.error)}`);
    waiting.reject(new BusProblem("internal", `the collector's answer to ${waiting.method} could not be read`));
  }
}

const down = () => new BusProblem("collector-down", "the collector is not running or not reachable; it is tried again");
