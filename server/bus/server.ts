import { chmodSync, chownSync, lstatSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { z } from "zod";
import {
  type BusMethod,
  BusOpening,
  type BusPush,
  BusRequest,
  type BusResult,
  busMethods,
  type Who as Caller,
  readingMethods,
} from "@/lib/wire/bus";
import type { Role } from "@/lib/wire/rest";
import { type Address, addressText } from "@/lib/wire/socket";
import { RefusedLines } from "../refused-lines";
import { issueOf } from "./issue";
import { LineSplitter, maxRequest } from "./lines";
import { BusProblem } from "./problem";
import { lineOf, streamOf } from "./push";
import { sameToken } from "./token";

/** Who asks, as the collector itself has found out. */
export type { Caller };

/** Methods that are open to nobody in particular may be asked by nobody. */
type CallerOf<M extends BusMethod> = (typeof busMethods)[M]["role"] extends "open" ? Caller | null : Caller;

export type BusParsed<M extends BusMethod> = z.output<(typeof busMethods)[M]["params"]>;

/** One entry a method. A method without one is answered with "unknown-method". */
export type BusHandlers = {
  readonly [M in BusMethod]?: (params: BusParsed<M>, caller: CallerOf<M>) => Promise<BusResult<M>>;
};

export interface BusRefusal {
  readonly method: string;
  readonly session: string;
  readonly code: string;
}

export interface BusServerOptions {
  readonly path: string;
  /** What a peer must show first (token.ts). */
  readonly token: string;
  /** Group that may open the socket, where the web process runs as a user of its own. */
  readonly group?: number;
  /** Changes with each start of the collector. */
  readonly epoch: string;
  /** Finds out who asks and whether the role suffices; throws BusProblem when not. */
  readonly authorise: (session: string, needs: Role) => Promise<Caller>;
  /** Who asks, where nobody need; null for nobody. */
  readonly whoIs: (session: string) => Promise<Caller | null>;
  readonly handlers: BusHandlers;
  /**
   * Told when somebody without the role, or nobody, asks for a change, and when somebody asks for what there is not.
   */
  readonly refused?: (refusal: BusRefusal) => void;
  readonly log: (line: string) => void;
  /** Longest request, characters. */
  readonly maxRequest?: number;
  /** Bytes that may wait for one reader before changes are no longer kept for it. */
  readonly maxBacklog?: number;
  /** How long a reader may lag before it is cut off, ms. */
  readonly maxLagMs?: number;
}

const defaults = { maxRequest, maxBacklog: 33_554_432, maxLagMs: 30_000 };
/** Requests of one web process that may be under way at once. */
const maxInFlight = 256;
/** A peer shows its token within this time, ms. */
const openWithinMs = 5_000;
/** Length of a peer's first line at most, characters. */
const openingMost = 4_096;
/** Peers at once: there is one web process, and while it is started anew the old one's line may not have ended. */
const maxLines = 16;
/** Streams that one web process may watch at once: every host of a very large fleet. */
const maxWatched = 20_000;
/** Messages that are no requests before the line is cut: then it is not a web process that talks here. */
const maxGarbage = 20;

/**
 * Refusals that honest people seldom meet, and that whoever guesses meets often: written to the log. The others are
 * answers to what people do.
 */
const suspicious = new Set([
  "no-session",
  "role",
  "unknown-method",
  "bad-request",
  "bad-login",
  "limited",
  "gone",
  "not-found",
]);

/** The collector's end of the bus: answers requests, pushes changes to every connected web process. */
export class BusServer {
  private readonly server: Server;
  private readonly lines = new Set<Line>();
  /** Of all peers together: whoever is cut off and comes again gets no fresh count. */
  private readonly refusals: RefusedLines;

  constructor(private readonly options: BusServerOptions) {
    this.refusals = new RefusedLines((line) => options.log(`bus: ${line}`));
    this.server = createServer((socket) => this.accept(socket));
  }

  /**
   * Begins to listen. A socket left over by a killed collector is replaced; one that somebody answers on is not:
   * throws.
   */
  async listen(): Promise<void> {
    const { path } = this.options;
    if (await answers(path)) throw new Error(`another collector answers on ${path}`);
    rmSync(path, { force: true });
    const before = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.server.once("error", reject);
        this.server.listen(path, () => {
          this.server.removeListener("error", reject);
          resolve();
        });
      });
    } finally {
      process.umask(before);
    }
    const { group } = this.options;
    // Under systemd it is our own group already, and the unit lets nobody change an owner.
    if (group !== undefined && lstatSync(path).gid !== group) chownSync(path, -1, group);
    chmodSync(path, group === undefined ? 0o600 : 0o660);
    this.server.on("error", (error) => this.options.log(`bus: ${error.message}`));
  }

  /**
   * Sends a change to those who watch its stream, and anything else to all. A reader that lags too far gets no more of
   * them until it has caught up, and is then told to take snapshots again.
   */
  push(push: BusPush): void {
    const stream = streamOf(push);
    const lines = [...this.lines].filter((line) => line.open && (stream === undefined || line.watched.has(stream)));
    if (lines.length === 0) return;
    const made = lineOf(push);
    if ("bad" in made) this.options.log(`bus: what was to be pushed does not fit: ${made.bad}`);
    else for (const line of lines) line.push(made.line);
  }

  get readers(): number {
    return [...this.lines].filter((line) => line.open).length;
  }

  /** Stops listening and cuts all lines. */
  async close(): Promise<void> {
    for (const line of this.lines) line.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(socket: Socket): void {
    if (this.lines.size >= maxLines) {
      this.refusals.note("lines", "a peer was turned away: too many lines are open");
      socket.destroy();
      return;
    }
    const options = { ...defaults, ...this.options, refusals: this.refusals };
    const line = new Line(socket, options, () => this.lines.delete(line));
    this.lines.add(line);
  }
}

/** One connected web process. */
class Line {
  private splitter: LineSplitter;
  private inFlight = 0;
  private garbage = 0;
  private lagging: ReturnType<typeof setTimeout> | undefined;
  /** It has shown the token. Before that it is told nothing, not even hello. */
  open = false;
  /** Streams whose changes it gets: those for which somebody asked through it who may see them. */
  readonly watched = new Set<string>();
  private readonly silence: ReturnType<typeof setTimeout>;

  constructor(
    private readonly socket: Socket,
    private readonly options: BusServerOptions & typeof defaults & { readonly refusals: RefusedLines },
    onEnd: () => void,
  ) {
    this.splitter = new LineSplitter(openingMost);
    this.silence = setTimeout(() => this.strange("it said nothing"), openWithinMs);
    socket.on("data", (chunk) => this.data(chunk));
    socket.on("drain", () => this.caughtUp());
    // A broken line is nothing special (the other end was killed); "close" follows.
    socket.on("error", (error) => options.refusals.note("lost", `line lost: ${error.message}`));
    socket.on("close", () => {
      clearTimeout(this.lagging);
      clearTimeout(this.silence);
      onEnd();
    });
  }

  hello(): void {
    this.write(`${JSON.stringify({ push: "hello", epoch: this.options.epoch } satisfies BusPush)}\n`);
  }

  push(text: string): void {
    if (this.lagging !== undefined) return;
    if (this.socket.writableLength > this.options.maxBacklog) {
      this.options.log("bus: a web process reads too slowly; changes are dropped for it until it has caught up");
      this.lagging = setTimeout(() => {
        this.options.log(`bus: it has not read for ${this.options.maxLagMs} ms; cut off`);
        this.destroy();
      }, this.options.maxLagMs);
      return;
    }
    this.write(text);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private caughtUp(): void {
    this.socket.resume();
    if (this.lagging === undefined) return;
    clearTimeout(this.lagging);
    this.lagging = undefined;
    this.hello();
  }

  private write(text: string): void {
    if (!this.socket.destroyed) this.socket.write(text);
  }

  private data(chunk: Buffer): void {
    let messages: string[];
    try {
      messages = this.splitter.push(chunk);
    } catch (error) {
      this.options.refusals.note("cut", `line cut: ${error instanceof Error ? error.message : error}`);
      this.destroy();
      return;
    }
    for (const message of messages) {
      if (this.open) void this.message(message);
      else if (!this.socket.destroyed) this.opening(message);
    }
    // Whoever asks and does not read the answers is read no further: they would pile up here.
    if (this.socket.writableLength > this.options.maxBacklog) this.socket.pause();
  }

  /** The first line of a peer. One that does not know the token is none of ours, and is cut off. */
  private opening(text: string): void {
    const opening = BusOpening.safeParse(parseJson(text));
    if (!opening.success || !sameToken(opening.data.token, this.options.token)) {
      this.strange("it does not know the token");
      return;
    }
    clearTimeout(this.silence);
    this.open = true;
    this.splitter = this.splitter.upTo(this.options.maxRequest);
    this.hello();
  }

  private strange(why: string): void {
    this.options.refusals.note(why, `a peer was turned away: ${why}`);
    this.destroy();
  }

  private async message(text: string): Promise<void> {
    const request = BusRequest.safeParse(parseJson(text));
    if (!request.success) {
      this.garbage++;
      // The text may hold a session or a password: its size is all that is said of it.
      this.options.refusals.note("nonsense", `not a request (${text.length} characters): ${issueOf(request.error)}`);
      if (this.garbage >= maxGarbage) this.destroy();
      else this.refuse(0, new BusProblem("bad-request", "not a request"));
      return;
    }
    const { id, method } = request.data;
    if (this.inFlight >= maxInFlight) {
      this.options.refusals.note("busy", `refused ${method.slice(0, 100)}: busy`);
      return this.refuse(id, new BusProblem("busy", "too many requests at once"));
    }
    this.inFlight++;
    try {
      const result = await this.serve(request.data);
      this.write(`${JSON.stringify({ id, ok: true, result })}\n`);
    } catch (error) {
      if (error instanceof BusProblem) this.noted(method, error);
      else
        this.options.log(`bus: ${method} failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      this.tell(request.data, error);
      this.refuse(
        id,
        error instanceof BusProblem
          ? error
          : new BusProblem("internal", `${method} failed; the collector's log says why`),
      );
    } finally {
      this.inFlight--;
    }
  }

  private tell({ method, actor }: Request, error: unknown): void {
    if (!(error instanceof BusProblem) || !["role", "no-session", "unknown-method"].includes(error.code)) return;
    const known = methodOf(method);
    if (known && readingMethods.has(known)) return;
    this.options.refused?.({
      method: known ?? `unknown: ${method.slice(0, 60)}`,
      session: actor.session,
      code: error.code,
    });
  }

  /**
   * The web process asks whether somebody may before it asks for it: what is refused here, it should have refused
   * itself, or somebody guesses.
   */
  private noted(method: string, { code, message }: BusProblem): void {
    if (!suspicious.has(code)) return;
    const kind = `${code} ${methodOf(method) ?? ""}`;
    this.options.refusals.note(kind, `refused ${method.slice(0, 100)}: ${code} (${message.slice(0, 200)})`);
  }

  private refuse(id: number, problem: BusProblem): void {
    // What is undefined, JSON leaves out.
    const { code, message, words, retryAfter } = problem;
    this.write(`${JSON.stringify({ id, ok: false, code, message, words, retryAfter })}\n`);
  }

  private async serve(request: Request): Promise<unknown> {
    const method = methodOf(request.method);
    if (!method) throw new BusProblem("unknown-method", `there is no method ${request.method.slice(0, 100)}`);
    const contract = busMethods[method];
    const { session } = request.actor;
    const caller =
      contract.role === "open"
        ? await this.options.whoIs(session)
        : await this.options.authorise(session, contract.role);
    const params = contract.params.safeParse(request.params);
    if (!params.success) throw new BusProblem("bad-request", `${method}: ${issueOf(params.error)}`);
    if (method === "topic.leave") return this.leave(busMethods[method].params.parse(params.data));
    const undo = method === "topic.watch" ? this.begin(busMethods[method].params.parse(params.data)) : undefined;
    try {
      const handler = this.options.handlers[method] as
        | ((params: unknown, caller: Caller | null) => Promise<unknown>)
        | undefined;
      if (!handler) throw new BusProblem("unknown-method", `this collector does not serve ${method}`);
      return contract.result.parse(await handler(params.data, caller));
    } catch (error) {
      undo?.();
      throw error;
    }
  }

  /** Before the state is taken, so that no change falls between. Returns how to take it back. */
  private begin(address: Address): () => void {
    const stream = addressText(address);
    if (this.watched.has(stream)) return () => undefined;
    if (this.watched.size >= maxWatched) throw new BusProblem("busy", "too many streams are watched");
    this.watched.add(stream);
    return () => this.watched.delete(stream);
  }

  private leave(address: Address): Record<string, never> {
    this.watched.delete(addressText(address));
    return {};
  }
}

type Request = z.output<typeof BusRequest>;

const methodOf = (name: string): BusMethod | undefined =>
  Object.hasOwn(busMethods, name) ? (name as BusMethod) : undefined;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not a request either: the schema says so.
    return undefined;
  }
}

/** Whether somebody answers on a socket path. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
