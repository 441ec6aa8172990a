import { isIP } from "node:net";
import type { EventSource } from "@/lib/events/define";
import { sources as registry, type SourceId } from "@/lib/events/registry";
import type { Reached } from "@/lib/remedies/management";
import { type EventHandlers, SshFailure } from "./api";
import { Bucket } from "./bucket";
import { type Dialect, letterOf, placeOf } from "./dialects/dialect";
import { posix } from "./dialects/posix";
import type { Ender } from "./ender";
import { LineReader, type TaggedLine } from "./lines";
import { excerpt, type Shell } from "./shell";

export interface Hello {
  readonly uid: number;
  /** Answer of `sudo -n -l`. */
  readonly sudo: "ok" | "no" | "untried";
  readonly sudoReason: string;
  /** Both ends of the connection as the host sees them; undefined where its ssh server does not say. */
  readonly reached: Reached | undefined;
  readonly hostname: string;
}

const helloMs = 20_000;
const heartbeatMs = 15_000;
/** The far side ends itself after 45 s without a heartbeat; an answer that is later than this is none. */
const silenceMs = 40_000;
/** A source that ran this long was up: the next pause starts small again. */
const steadyMs = 60_000;
/** A source counts as followed once it has lived this long or printed a line. */
const startedMs = 1_000;
const firstPauseMs = 5_000;
const longestPauseMs = 300_000;
/**
 * Lines a second that one source may say, and how many at once. A host whose 60 guests start together says some 2,000 within seconds, a dmesg without --follow-new begins with its whole
 * ring, some 6,000 on a large machine, and a bridge that forgets 20,000 addresses and learns them anew (an uplink that flaps) says 40,000. A line costs us some 15 us, so what is taken of a source costs 1.5 % of the one thread that all hosts share.
 */
const linesPerSecond = 1_000;
const linesAtOnce = 50_000;
/** Calm again once so many seconds in a row had less than half of that. */
const calmSeconds = 5;
/** Bytes a second that are read of the channel, and how many at once: a flood waits on the far side. Answers to heartbeats come behind at most 2 MB of it (ssh2's window), in time. */
const bytesPerSecond = 524_288;
const bytesAtOnce = 16_777_216;

interface Source {
  state: "starting" | "following" | "ended" | "missing";
  startedAt: number;
  pauseMs: number;
  lastLine: string;
  timer?: NodeJS.Timeout;
  readonly lines: Bucket;
  storm?: Storm;
}

interface Storm {
  /** Lines since the last look. */
  lines: number;
  calm: number;
  timer: NodeJS.Timeout;
  /** How the source ended meanwhile: told when it is calm. */
  ended?: string;
}

/** How the far end is spoken to, and what of it is followed. */
export interface FarEnd {
  readonly dialect: Dialect;
  readonly sources: readonly EventSource[];
}
const posixHost: FarEnd = {
  dialect: posix,
  sources: Object.values<EventSource>(registry).filter(({ on }) => on === posix.platform),
};

/** The channel for events, for ending what hangs, and for noticing that nobody is there any more. See dialects/posix.ts. */
export class Control implements Ender {
  #handlers: EventHandlers | undefined;
  readonly #sources = new Map<SourceId, Source>();
  /** Shells that the far side ends with this one. */
  readonly #adopted = new Set<number>();
  #beats = 0;
  #heard = performance.now();
  #heart: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(
    private readonly shell: Shell,
    readonly hello: Hello,
    private readonly onSilence: (reason: string) => void,
    private readonly far: FarEnd,
  ) {
    this.#heart = setInterval(
      shell.guard.around("a heartbeat", () => this.#beat()),
      heartbeatMs,
    );
    this.#heart.unref();
  }

  /** Says hello. Rejects with SshFailure `protocol` when what answers is no shell. Long: its ways to fail and its end share what came so far. */
  static async open(
    shell: Shell,
    trySudo: boolean,
    onSilence: (reason: string) => void,
    far: FarEnd = posixHost,
  ): Promise<Control> {
    let control: Control | undefined;
    let head = Buffer.alloc(0);
    const hello = await new Promise<Hello>((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer);
        const printed = excerpt(head);
        shell.close();
        reject(
          new SshFailure(
            "protocol",
            `no POSIX shell on the far side: ${why}${printed ? `; it printed: ${printed}` : ""}`,
          ),
        );
      };
      const timer = shell.guard.later(
        "a shell that does not answer",
        () => fail(`/bin/sh does not answer (${helloMs} ms)`),
        helloMs,
      );
      const lines = new LineReader(shell.nonce, (line) => {
        if (control) return control.#line(line);
        if (line.kind !== "@") return;
        const hello = parseHello(line.text);
        if (!hello) return;
        clearTimeout(timer);
        resolve(hello);
      });
      const early = (bytes: Uint8Array) => {
        if (!control && head.length < 512) head = Buffer.concat([head, bytes.subarray(0, 512)]);
      };
      const bytes = new Bucket(bytesPerSecond, bytesAtOnce);
      const pace = (length: number) => {
        bytes.take(length);
        if (bytes.owedMs > 0) shell.pause(Math.max(100, bytes.owedMs));
      };
      shell.listen(
        (chunk) => {
          pace(chunk.length);
          early(chunk);
          lines.push(chunk);
        },
        (chunk) => {
          pace(chunk.length);
          early(chunk);
        },
      );
      const ended = (why: string) => {
        fail(why);
        if (!control || control.#closed) return;
        control.stop();
        onSilence(`the control channel is gone: ${why}`);
      };
      void shell.ended.then(shell.guard.around("the end of a control shell", ended));
      shell.write(far.dialect.control(shell.nonce, trySudo, far.sources));
    });
    control = new Control(shell, hello, onSilence, far);
    return control;
  }

  get #requests(): Dialect["requests"] {
    return this.far.dialect.requests;
  }

  end(pid: number, parent: number): void {
    this.shell.write(this.#requests.end(pid, parent));
  }

  endSession(pid: number): void {
    this.shell.write(this.#requests.endSession(pid));
  }

  adopt(pid: number): void {
    this.#adopted.add(pid);
    this.shell.write(this.#requests.watch([...this.#adopted]));
  }

  disown(pid: number): void {
    if (this.#adopted.delete(pid)) this.shell.write(this.#requests.watch([...this.#adopted]));
  }

  follow(handlers: EventHandlers): void {
    this.#handlers = handlers;
    for (const { id } of this.far.sources) {
      const name = id as SourceId;
      if (!this.#sources.has(name)) this.#start(name, firstPauseMs);
    }
  }

  stop(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#heart);
    for (const source of this.#sources.values()) {
      clearTimeout(source.timer);
      clearInterval(source.storm?.timer);
    }
    this.shell.close();
  }

  #beat(): void {
    if (this.#beats > 0 && performance.now() - this.#heard > silenceMs) {
      this.onSilence("the shell on the host does not answer any more");
      return;
    }
    this.shell.write(this.#requests.heartbeat(++this.#beats));
  }

  #start(name: SourceId, pauseMs: number): void {
    if (this.#closed) return;
    const lines = this.#sources.get(name)?.lines ?? new Bucket(linesPerSecond, linesAtOnce);
    const source: Source = { state: "starting", startedAt: performance.now(), pauseMs, lastLine: "", lines };
    this.#sources.set(name, source);
    source.timer = this.#later(() => this.#following(name, source), startedMs);
    this.shell.write(this.#requests.follow(letterOf(this.far.sources.findIndex(({ id }) => id === name))));
  }

  #sourceOf(letter: string | undefined): SourceId | undefined {
    return this.far.sources[placeOf(letter)]?.id as SourceId | undefined;
  }

  #later(work: () => void, ms: number): NodeJS.Timeout {
    return this.shell.guard.later("an event source", work, ms);
  }

  #following(name: SourceId, source: Source): void {
    if (source.state !== "starting") return;
    source.state = "following";
    if (source.storm) return;
    this.#handlers?.onSource(name, "following", "");
  }

  #line(line: TaggedLine): void {
    this.#heard = performance.now();
    if (line.kind === "?" || line.kind === "!" || line.kind === "~") {
      const name = this.#sourceOf(line.text[0]);
      const source = name && this.#sources.get(name);
      if (!name || !source || this.#stormy(name, source, line)) return;
      if (line.kind === "~") source.lastLine = line.text.slice(2);
      else if (line.kind === "?") this.#missing(name, source, line.text.slice(2));
      else this.#ended(name, source, line.text.slice(2));
      return;
    }
    const name = this.#sourceOf(line.kind);
    const source = name && this.#sources.get(name);
    if (!name || !source || line.text === "" || this.#stormy(name, source)) return;
    source.lastLine = line.text;
    this.#following(name, source);
    this.#handlers?.onLine(name, line.text);
  }

  /** Counts a line. True in a storm: nobody is to look at it. */
  #stormy(name: SourceId, source: Source, about?: TaggedLine): boolean {
    source.lines.take(1);
    if (source.storm) {
      source.storm.lines++;
      if (about?.kind === "!") source.storm.ended = about.text.slice(2);
      return true;
    }
    if (source.lines.owedMs === 0) return false;
    const look = this.shell.guard.around("an event storm", () => this.#calm(name, source));
    source.storm = { lines: 1, calm: 0, timer: setInterval(look, 1_000) };
    source.storm.timer.unref();
    this.#handlers?.onSource(name, "storm", `more than ${linesPerSecond} lines a second`);
    return true;
  }

  /** Looked at every second of a storm. */
  #calm(name: SourceId, source: Source): void {
    const { storm } = source;
    if (!storm) return;
    storm.calm = storm.lines < linesPerSecond / 2 ? storm.calm + 1 : 0;
    storm.lines = 0;
    if (storm.calm < calmSeconds) return;
    clearInterval(storm.timer);
    source.storm = undefined;
    source.lines.fill();
    if (storm.ended !== undefined) this.#ended(name, source, storm.ended);
    else this.#handlers?.onSource(name, "following", "");
  }

  #missing(name: SourceId, source: Source, reason: string): void {
    clearTimeout(source.timer);
    source.state = "missing";
    this.#handlers?.onSource(name, "missing", reason);
  }

  /** Restarted, but never in a tight loop: 5 s, doubling to 5 min; small again after a minute of good service. */
  #ended(name: SourceId, source: Source, status: string): void {
    // Once: what says so again and again is no source of ours.
    if (source.state === "missing" || source.state === "ended") return;
    clearTimeout(source.timer);
    source.state = "ended";
    const ran = performance.now() - source.startedAt;
    const pause = ran > steadyMs ? firstPauseMs : source.pauseMs;
    const said = source.lastLine === "" ? "" : `: ${source.lastLine.slice(0, 200)}`;
    this.#handlers?.onSource(
      name,
      "ended",
      `exit status ${status}${said}; tried again in ${Math.round(pause / 1000)} s`,
    );
    source.timer = this.#later(() => this.#start(name, Math.min(pause * 2, longestPauseMs)), pause);
  }
}

function parseHello(text: string): Hello | undefined {
  const [pid, uid, sudo, sudoReason, connection = "", ...hostname] = text.split("\t");
  if (pid === undefined || !/^\d+$/.test(pid) || uid === undefined || !/^\d+$/.test(uid)) return undefined;
  if (sudo !== "ok" && sudo !== "no" && sudo !== "untried") return undefined;
  const reached = parseConnection(connection);
  return { uid: Number(uid), sudo, sudoReason: sudoReason ?? "", reached, hostname: hostname.join(" ").trim() };
}

/** `CLIENT PORT SERVER PORT`. Link-local addresses carry their interface (`fe80::1%br0`), IPv4 may come mapped into IPv6. */
function parseConnection(text: string): Reached | undefined {
  const [from, , address] = text.split(" ").map((word) => word.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, ""));
  return from && address && isIP(from) !== 0 && isIP(address) !== 0 ? { address, from } : undefined;
}
