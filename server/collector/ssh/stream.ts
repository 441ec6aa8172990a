import { hostText } from "@/lib/probes/items";
import { type HostStream, SshFailure, type StreamEnd, type StreamOptions } from "./api";
import type { Dialect, RootMode } from "./dialects/dialect";
import type { Ender } from "./ender";
import { FrameReader } from "./frames";
import { cutMark, lineLimit } from "./lines";
import type { Shell } from "./shell";

/** Time for what was ended by force to be gone: one look at /proc on a slow, busy host. */
const graceMs = 4_000;
const openMs = 20_000;
const stderrKept = 65_536;
const newline = 10;
/** A shell of one script numbers it so. */
const only = 1;

export interface Far {
  readonly dialect: Dialect;
  readonly root: RootMode;
  readonly ender: Ender;
}

/** Runs one command in a shell of its own, and passes on what it prints: see HostConnection.open. Rejects with SshFailure where no shell answers. */
export async function openStream(shell: Shell, far: Far, command: string, options: StreamOptions): Promise<HostStream> {
  const stream = new Stream(shell, far, options);
  await stream.start(command);
  return stream;
}

class Stream implements HostStream {
  readonly ended: Promise<StreamEnd>;
  #resolve: (end: StreamEnd) => void = () => undefined;
  #done = false;
  #shellPid = 0;
  #pid = 0;
  #begun = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #stopping: Exclude<StreamEnd["how"], "exit" | "lost"> | undefined;
  #bytes = 0;
  #lines = 0;
  #line: Buffer[] = [];
  #lineLength = 0;
  readonly #err: Buffer[] = [];
  #errKept = 0;
  #open = 2;

  constructor(
    private readonly shell: Shell,
    private readonly far: Far,
    private readonly options: StreamOptions,
  ) {
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  async start(command: string): Promise<void> {
    const { dialect, ender, root } = this.far;
    this.#shellPid = await this.#hello(dialect.work(this.shell.nonce, root));
    if (this.#done) return;
    ender.adopt(this.#shellPid);
    this.#begun = performance.now();
    const { signal, timeoutMs } = this.options;
    if (signal?.aborted) return this.#finish("cancelled", 255);
    signal?.addEventListener("abort", this.cancel, { once: true });
    this.#timer = this.#later(() => this.#stop("timeout"), timeoutMs);
    this.shell.write(dialect.requests.once(only, command));
  }

  readonly cancel = (): void => this.#stop("cancelled");

  #hello(bootstrap: string): Promise<number> {
    const { shell } = this;
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer);
        shell.close();
        reject(new SshFailure("protocol", `no POSIX shell on the far side: ${why}`));
      };
      const timer = this.#later(() => fail(`/bin/sh does not answer (${openMs} ms)`), openMs);
      const [out, err] = [true, false].map((isOut) => {
        let begun = false;
        return new FrameReader(shell.nonce, {
          hello: (pid) => {
            clearTimeout(timer);
            resolve(pid);
          },
          begin: () => {
            begun = true;
          },
          pid: (_seq, pid) => this.#started(pid),
          // What an rc file printed comes before; what is left running writes after the end, and goes with the shell.
          data: (seq, bytes) => {
            if (!begun || seq !== only || this.#done) return;
            if (isOut) this.#take(bytes);
            else this.#takeError(bytes);
          },
          end: (_seq, exit) => {
            if (--this.#open === 0) this.#finish(this.#stopping ?? "exit", exit);
          },
        });
      });
      shell.listen(
        (bytes) => out?.push(bytes),
        (bytes) => err?.push(bytes),
      );
      const gone = (why: string) => {
        fail(why);
        this.#finish(this.#stopping ?? "lost", 255, why);
      };
      void shell.ended.then(shell.guard.around("the end of a script's shell", gone));
      shell.write(bootstrap);
    });
  }

  #later(work: () => void, ms: number): NodeJS.Timeout {
    return this.shell.guard.later("the clock of a script", work, ms);
  }

  #started(pid: number): void {
    this.#pid = pid;
    if (this.#stopping) this.far.ender.end(pid, this.#shellPid);
  }

  #stop(why: Exclude<StreamEnd["how"], "exit" | "lost">): void {
    if (this.#done || this.#stopping) return;
    this.#stopping = why;
    clearTimeout(this.#timer);
    if (this.#pid > 0) this.far.ender.end(this.#pid, this.#shellPid);
    this.#timer = this.#later(() => this.#finish(why, 137, "it could not be ended; its shell was"), graceMs);
  }

  /** Passes on what is within the limits. */
  #take(bytes: Uint8Array): void {
    if (this.#stopping) return;
    const { maxBytes, maxLines = Number.POSITIVE_INFINITY, onBytes } = this.options;
    let room = Math.min(bytes.length, maxBytes - this.#bytes);
    for (let at = 0; at < room; at++) {
      if (bytes[at] !== newline) continue;
      this.#lines++;
      if (this.#lines === maxLines) room = at + 1;
    }
    const within = bytes.subarray(0, room);
    this.#bytes += room;
    if (room > 0) onBytes?.(within);
    this.#byLine(within);
    if (room < bytes.length || this.#lines === maxLines) this.#stop("cut");
  }

  #byLine(bytes: Uint8Array): void {
    if (!this.options.onLine) return;
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      this.#hold(bytes.subarray(from, end));
      this.#tellLine();
      from = end + 1;
    }
    if (from < bytes.length) this.#hold(bytes.subarray(from));
  }

  #hold(part: Uint8Array): void {
    const room = lineLimit - this.#lineLength;
    this.#lineLength += part.length;
    // A copy: a slice would keep the whole chunk alive.
    if (room > 0) this.#line.push(Buffer.from(part.subarray(0, room)));
  }

  #tellLine(): void {
    const text = hostText(Buffer.concat(this.#line)) + (this.#lineLength > lineLimit ? cutMark : "");
    this.#line = [];
    this.#lineLength = 0;
    this.options.onLine?.(text);
  }

  #takeError(bytes: Uint8Array): void {
    const kept = Buffer.from(bytes.subarray(0, stderrKept - this.#errKept));
    this.#errKept += kept.length;
    if (kept.length > 0) this.#err.push(kept);
  }

  #finish(how: StreamEnd["how"], exit: number, reason?: string): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#timer);
    this.options.signal?.removeEventListener("abort", this.cancel);
    if (this.#lineLength > 0) this.#tellLine();
    this.#leave();
    this.#resolve({
      how,
      exit,
      bytes: this.#bytes,
      lines: this.#lines,
      ms: performance.now() - this.#begun,
      stderr: hostText(Buffer.concat(this.#err)),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  /** The shell goes, with all of its session: what the script left running as well. The channel is closed after it, for a shell that has gone by itself leaves its session behind. */
  #leave(): void {
    const { ender } = this.far;
    if (this.#shellPid === 0) return;
    ender.endSession(this.#shellPid);
    const close = () => {
      clearTimeout(timer);
      ender.disown(this.#shellPid);
      this.shell.close();
    };
    const timer = this.#later(close, graceMs);
    timer.unref();
    void this.shell.ended.then(this.shell.guard.around("the end of a script's shell", close));
  }
}
