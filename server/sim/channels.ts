import type { EventSource } from "@/lib/events/define";
import { sources as registry, type SourceId } from "@/lib/events/registry";
import type { Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import { placeOf, type RootMode } from "@/server/collector/ssh/dialects/dialect";
import { posix } from "@/server/collector/ssh/dialects/posix";
import { splitQuoted } from "@/server/collector/ssh/quote";

import type { Result } from "./commands";
import type { SimEvent } from "./events";
import type { Answer } from "./printer";

/** Where a held shell writes. */
export interface Output {
  out(bytes: Buffer): void;
  err(bytes: Buffer): void;
  exit(status: number): void;
}

/** What the channels need of the simulated host. */
export interface Host {
  readonly hostname: string;
  /** $SSH_CONNECTION: the address of its own that it is asked to think it was reached at. */
  readonly reached: string;
  readonly uid: number;
  readonly sudo: boolean;
  /** Undefined: the probe hangs. */
  probe(id: string, root: RootMode): Answer | undefined;
  /** Runs a script that is no probe: what a guarded change sends. */
  script(text: string, root: RootMode): Promise<Result>;
  follow(follower: (events: readonly SimEvent[]) => void): () => void;
  newPid(): number;
  /** Stands for the moment when a held run is ended by `k`. */
  held: Map<number, () => void>;
  now(): number;
}

interface Channel {
  feed(chunk: Buffer): void;
  close(): void;
}

const sources = Object.values<EventSource>(registry).filter(({ on }) => on === posix.platform);
const byScript: ReadonlyMap<string, Probe> = new Map(Object.values(probes).map((probe) => [probe.script, probe]));
const text = (value: string) => Buffer.from(value, "latin1");

/**
 * A held `/bin/sh` of a simulated host. It runs no shell: it knows the bootstraps of the collector's protocol word for word, and then speaks that
 * protocol. Anything else ends with 127 and says so, so that a change of the protocol is noticed and not guessed at.
 */
export function shellChannel(host: Host, output: Output): Channel {
  let buffer = "";
  let speaking: Channel | undefined;
  const refuse = (why: string) => {
    output.err(Buffer.from(`simulated host: ${why}\n`));
    output.exit(127);
  };
  const begin = () => {
    const end = buffer.indexOf("\n");
    if (end < 0) return buffer.length > 4096 ? refuse("no bootstrap of the collector") : undefined;
    const head = /^# taproot (work|control) ([A-Za-z0-9]+)(?: (direct|sudo|none))?$/.exec(buffer.slice(0, end));
    if (!head) return refuse(`this is no shell; it does not run: ${buffer.slice(0, Math.min(end, 80))}`);
    const [, kind, nonce = "", root = "none"] = head;
    const known =
      kind === "work"
        ? [posix.work(nonce, root === "direct" || root === "sudo" ? root : "none")]
        : [posix.control(nonce, true, sources), posix.control(nonce, false, sources)];
    const match = known.find((script) => buffer.startsWith(script));
    if (match === undefined) {
      if (known.some((script) => script.startsWith(buffer))) return;
      return refuse(`the ${kind} bootstrap is not the one that it knows`);
    }
    const rest = buffer.slice(match.length);
    buffer = "";
    speaking =
      kind === "work"
        ? new Work(host, output, nonce, root === "direct" || root === "sudo" ? root : "none")
        : new Control(host, output, nonce, match === known[0]);
    if (rest !== "") speaking.feed(Buffer.from(rest, "latin1"));
  };
  return {
    feed(chunk) {
      if (speaking) return speaking.feed(chunk);
      buffer += chunk.toString("latin1");
      begin();
    },
    close: () => speaking?.close(),
  };
}

class Work implements Channel {
  private buffer = "";
  private readonly scripts = new Map<string, string>();
  /** Requests run one after the other, as a shell reads its lines. */
  private queue: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly host: Host,
    private readonly output: Output,
    private readonly nonce: string,
    private readonly root: RootMode,
  ) {
    output.out(text(`${nonce}@${host.newPid()}\n`));
  }

  feed(chunk: Buffer): void {
    this.buffer += chunk.toString("latin1");
    for (;;) {
      const end = endOfRequest(this.buffer);
      if (end < 0) return;
      const words = splitQuoted(this.buffer.slice(0, end)) ?? [];
      this.buffer = this.buffer.slice(end + 1);
      this.queue = this.queue.then(() => this.request(words));
    }
  }

  close(): void {
    this.closed = true;
  }

  private async request(words: readonly string[]): Promise<void> {
    const [verb, first = "", second = "", third = ""] = words;
    if (verb === undefined || this.closed) return;
    if (verb === "p") this.scripts.set(first, third);
    else if (verb === "r") await this.run(first, this.scripts.get(second) ?? "");
    else if (verb === "x") await this.run(first, second);
    else this.output.err(Buffer.from(`/bin/sh: ${verb}: not found\n`));
  }

  private async run(seq: string, script: string): Promise<void> {
    const pid = this.host.newPid();
    this.output.out(text(`${this.nonce}b${seq}\n`));
    this.output.err(text(`${this.nonce}b${seq}\n${this.nonce}p${seq} ${pid}\n`));
    const result = await this.resultOf(script, pid);
    if (this.closed) return;
    this.output.out(Buffer.concat([result.stdout, text(`${this.nonce}e${seq} ${result.exit}\n`)]));
    this.output.err(Buffer.concat([result.stderr, text(`${this.nonce}e${seq} ${result.exit}\n`)]));
  }

  private async resultOf(script: string, pid: number): Promise<{ stdout: Buffer; stderr: Buffer; exit: number }> {
    const probe = byScript.get(script);
    if (probe === undefined) {
      const result = await this.host.script(script, this.root);
      return { stdout: Buffer.from(result.stdout), stderr: Buffer.from(result.stderr), exit: result.exit };
    }
    const answer = this.host.probe(probe.id, this.root);
    if (answer !== undefined) return { ...answer, stderr: Buffer.alloc(0) };
    await new Promise<void>((resolve) => this.host.held.set(pid, resolve));
    this.host.held.delete(pid);
    return { stdout: Buffer.alloc(0), stderr: Buffer.from("Killed\n"), exit: 137 };
  }
}

class Control implements Channel {
  private buffer = "";
  private readonly stops = new Set<() => void>();

  constructor(
    private readonly host: Host,
    private readonly output: Output,
    private readonly nonce: string,
    trySudo: boolean,
  ) {
    const sudo = host.uid === 0 || !trySudo ? "untried" : host.sudo ? "ok" : "no";
    const reason = sudo === "no" ? "sudo: a password is required" : "";
    const hello = [host.newPid(), host.uid, sudo, reason, host.reached, host.hostname];
    output.out(text(`\n${nonce}@${hello.join("\t")}\n`));
  }

  feed(chunk: Buffer): void {
    this.buffer += chunk.toString("latin1");
    for (let end = this.buffer.indexOf("\n"); end >= 0; end = this.buffer.indexOf("\n")) {
      const line = this.buffer.slice(0, end);
      this.buffer = this.buffer.slice(end + 1);
      this.request(line.trim().split(/\s+/));
    }
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.stops.clear();
  }

  private request([verb, first = ""]: readonly string[]): void {
    if (verb === "h") this.say(`h ${first}`);
    else if (verb === "k" || verb === "K") {
      this.host.held.get(Number(first))?.();
      this.say(`k ${first}`);
    } else if (verb === "f") this.followSource(first);
  }

  private say(line: string): void {
    this.output.out(Buffer.from(`${this.nonce}${line}\n`));
  }

  private followSource(letter: string): void {
    const source = sources[placeOf(letter)]?.id as SourceId | undefined;
    if (source === undefined) return;
    this.stops.add(
      this.host.follow((events) => {
        const lines = events.filter((event) => event.source === source);
        if (lines.length === 0) return;
        const stamp = stampOf(source, this.host.now());
        this.output.out(Buffer.from(lines.map(({ line }) => `${this.nonce}${letter} ${stamp}${line}\n`).join("")));
      }),
    );
  }
}

/** The time as the followed tool prints it before a line. */
function stampOf(source: SourceId, now: number): string {
  const iso = new Date(now).toISOString();
  if (source === "ip-monitor") return `[${iso.slice(0, -1)}000] `;
  if (source === "virsh-event") return `${iso.slice(0, 10)} ${iso.slice(11, -1)}+0000: `;
  return "";
}

/** Position of the new line that ends the first request, outside of any quote; -1 where it is not complete. */
function endOfRequest(buffer: string): number {
  let from = 0;
  for (;;) {
    const newline = buffer.indexOf("\n", from);
    const quote = buffer.indexOf("'", from);
    if (newline < 0) return -1;
    if (quote < 0 || newline < quote) return newline;
    // quote.ts writes a quote inside a word as '\'' : outside of quotes a backslash takes the next character along.
    if (quote > from && buffer[quote - 1] === "\\") {
      from = quote + 1;
      continue;
    }
    const close = buffer.indexOf("'", quote + 1);
    if (close < 0) return -1;
    from = close + 1;
  }
}
