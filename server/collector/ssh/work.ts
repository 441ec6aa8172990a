import { SshFailure } from "./api";
import type { Dialect, RootMode } from "./dialects/dialect";
import { posix } from "./dialects/posix";
import type { Ender } from "./ender";
import { FrameReader } from "./frames";
import type { Shell } from "./shell";

/** Lower goes first. */
export const priority = { change: 0, narrow: 1, slow: 2 } as const;
export type Priority = (typeof priority)[keyof typeof priority];

export interface Task {
  /** Remembered on the far side under this name; undefined: sent once, run alone, and never run twice. */
  readonly id?: string;
  readonly script: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly priority: Priority;
  /** Asked of all that comes, before it is kept: the reason why it is too much, where it is. */
  readonly take?: (bytes: number) => string | undefined;
}

export interface Ending {
  /**
   * `exit`: by itself. `timeout`, `cut`: ended by us. `lost`: the shell or the connection went away under it.
   */
  readonly how: "exit" | "timeout" | "cut" | "lost";
  readonly exit: number;
  /** At most maxBytes. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** As many as arrived, kept or not. */
  readonly bytes: number;
  readonly ms: number;
  /** Of stderr, as many as arrived. */
  readonly errBytes: number;
  readonly reason?: string;
  /** How cut: `over` says which limit beside maxBytes it was. */
  readonly over?: string;
}

/** Requests under way at once: enough that the far shell never waits for us, few enough that an urgent one need not wait long. */
const window = 6;
/** Time for a process that was ended by force to be gone: one look at /proc on a slow, busy host. */
const graceMs = 4_000;
const openMs = 20_000;
const stderrKept = 65_536;
const stderrMost = 1_048_576;

interface Job {
  readonly task: Task;
  readonly finish: (ending: Ending) => void;
  seq: number;
  tries: number;
  begun: number;
  pid: number;
  bytes: number;
  errBytes: number;
  kept: number;
  errKept: number;
  out: Uint8Array[];
  err: Uint8Array[];
  outEnded: boolean;
  errEnded: boolean;
  exit: number;
  stopping: "timeout" | "cut" | undefined;
  over: string | undefined;
}

/** The held work shell and the queue before it. */
export class Work {
  #queue: Job[] = [];
  #flight: Job[] = [];
  #shell: Shell | undefined;
  #shellPid = 0;
  #opening = false;
  #seq = 0;
  #defined = new Map<string, { index: number; script: string }>();
  #timer: NodeJS.Timeout | undefined;
  #dead: string | undefined;

  constructor(
    private readonly open: () => Promise<Shell>,
    private readonly root: RootMode,
    private readonly ender: Ender,
    /** The shell cannot be had again: the connection is of no use any more. */
    private readonly onDead: (failure: SshFailure) => void,
    private readonly dialect: Dialect = posix,
  ) {}

  /** Opens the shell. Rejects with SshFailure. */
  async start(): Promise<void> {
    await this.#open();
  }

  run(task: Task): Promise<Ending> {
    return new Promise((resolve) => {
      const job = newJob(task, resolve);
      if (this.#dead !== undefined) return resolve(lost(this.#dead));
      this.#queue.push(job);
      this.#pump();
    });
  }

  /** Ends everything; what waits ends as lost. */
  stop(reason: string): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    clearTimeout(this.#timer);
    this.#shell?.close();
    for (const job of [...this.#flight, ...this.#queue]) job.finish({ ...lost(reason), ms: elapsed(job) });
    this.#flight = [];
    this.#queue = [];
  }

  async #open(): Promise<void> {
    this.#opening = true;
    try {
      const shell = await this.open();
      const pid = await this.#hello(shell);
      if (this.#dead !== undefined) return shell.close();
      this.#shell = shell;
      this.#shellPid = pid;
      this.#defined = new Map();
      this.ender.adopt(pid);
    } finally {
      this.#opening = false;
    }
    this.#pump();
  }

  #hello(shell: Shell): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer);
        shell.close();
        reject(new SshFailure("protocol", `no POSIX shell on the far side: ${why}`));
      };
      const timer = shell.guard.later(
        "a shell that does not answer",
        () => fail(`/bin/sh does not answer (${openMs} ms)`),
        openMs,
      );
      const readers = [true, false].map((isOut) => {
        // What an rc file printed comes before the first mark of its stream, and on stderr perhaps after the hello on stdout.
        let marked = false;
        return new FrameReader(shell.nonce, {
          hello: (pid) => {
            marked = true;
            clearTimeout(timer);
            resolve(pid);
          },
          begin: (seq) => {
            marked = true;
            this.#begin(shell, seq);
          },
          pid: (seq, pid) => this.#pid(shell, seq, pid),
          data: (seq, bytes) => {
            if (marked) this.#data(shell, seq, bytes, isOut);
          },
          end: (seq, exit) => this.#end(shell, seq, exit, isOut),
        });
      });
      const [out, err] = readers;
      shell.listen(
        (bytes) => out?.push(bytes),
        (bytes) => err?.push(bytes),
      );
      const ended = (why: string) => {
        fail(why);
        this.#shellEnded(shell, why);
      };
      void shell.ended.then(shell.guard.around("the end of a work shell", ended));
      shell.write(this.dialect.work(shell.nonce, this.root));
    });
  }

  #pump(): void {
    if (this.#dead !== undefined || this.#opening || this.#queue.length === 0) return;
    if (!this.#shell) {
      this.#reopen();
      return;
    }
    let text = "";
    while (this.#flight.length < window) {
      if (this.#flight.some((job) => job.task.id === undefined)) break;
      const job = this.#best();
      if (!job) break;
      if (job.task.id === undefined && this.#flight.length > 0) break;
      this.#queue.splice(this.#queue.indexOf(job), 1);
      text += this.#request(job);
      this.#flight.push(job);
    }
    if (text === "") return;
    this.#shell.write(text);
    if (this.#timer === undefined) this.#guardHead();
  }

  #best(): Job | undefined {
    let best: Job | undefined;
    for (const job of this.#queue) if (!best || job.task.priority < best.task.priority) best = job;
    return best;
  }

  #request(job: Job): string {
    job.seq = ++this.#seq;
    const { id, script } = job.task;
    const { requests } = this.dialect;
    if (id === undefined) return requests.once(job.seq, script);
    const known = this.#defined.get(id);
    if (known && known.script === script) return requests.run(job.seq, known.index);
    const index = known?.index ?? this.#defined.size;
    this.#defined.set(id, { index, script });
    return requests.define(index, id, script) + requests.run(job.seq, index);
  }

  /** The clock runs for the first job under way only: the others have not begun. A job that was ended has its grace instead. */
  #guardHead(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const head = this.#flight[0];
    if (!head) return;
    if (!head.stopping) this.#timer = this.#later(() => this.#stopJob(head, "timeout"), head.task.timeoutMs);
    else {
      // A shell that did not even begin is past waiting for.
      const grace = head.begun === 0 ? 0 : graceMs;
      this.#timer = this.#later(() => this.#abandon(`${head.task.id ?? "the command"} could not be ended`), grace);
    }
  }

  #later(work: () => void, ms: number): NodeJS.Timeout | undefined {
    return this.#shell?.guard.later("the clock of a command", work, ms);
  }

  /** May come before the pid is known, as that comes on the other stream; and before the job is the first, if the one before has not ended there. */
  #stopJob(job: Job, why: "timeout" | "cut"): void {
    if (job.stopping) return;
    job.stopping = why;
    if (job.pid > 0) this.ender.end(job.pid, this.#shellPid);
    if (job === this.#flight[0]) this.#guardHead();
  }

  #pid(shell: Shell, seq: number, pid: number): void {
    this.#find(shell, seq, (job) => {
      job.pid = pid;
      if (job.stopping) this.ender.end(pid, this.#shellPid);
    });
  }

  #find(shell: Shell, seq: number, then: (job: Job) => void): void {
    if (shell !== this.#shell) return;
    const job = this.#flight.find((one) => one.seq === seq);
    if (job) then(job);
  }

  #begin(shell: Shell, seq: number): void {
    this.#find(shell, seq, (job) => {
      if (job.begun === 0) job.begun = performance.now();
    });
  }

  #data(shell: Shell, seq: number | undefined, bytes: Uint8Array, isOut: boolean): void {
    if (seq === undefined) {
      // Between two runs nothing may come: an earlier one left something running that writes. It goes with the shell.
      if (shell === this.#shell) this.#abandon("something left running on the host writes into the shell");
      return;
    }
    this.#find(shell, seq, (job) => {
      job.over ??= job.task.take?.(bytes.length);
      if (job.over !== undefined) this.#stopJob(job, "cut");
      else if (isOut) {
        job.bytes += bytes.length;
        const room = job.task.maxBytes - job.kept;
        if (room > 0) job.kept += keep(job.out, bytes, room);
        if (job.bytes > job.task.maxBytes) this.#stopJob(job, "cut");
      } else {
        job.errBytes += bytes.length;
        const room = stderrKept - job.errKept;
        if (room > 0) job.errKept += keep(job.err, bytes, room);
        if (job.errBytes > stderrMost) this.#stopJob(job, "cut");
      }
    });
  }

  #end(shell: Shell, seq: number, exit: number, isOut: boolean): void {
    this.#find(shell, seq, (job) => {
      if (isOut) job.outEnded = true;
      else job.errEnded = true;
      job.exit = exit;
      if (!job.outEnded || !job.errEnded) return;
      this.#flight.splice(this.#flight.indexOf(job), 1);
      this.#guardHead();
      job.finish(endingOf(job, job.stopping ?? "exit"));
      this.#pump();
    });
  }

  #shellEnded(shell: Shell, why: string): void {
    if (shell !== this.#shell) return;
    this.#abandon(why);
  }

  /** Leaves a shell that hangs or talks garbage, ends it on the host, and goes on with the rest in a new one. */
  #abandon(why: string): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const shell = this.#shell;
    this.#shell = undefined;
    if (shell) {
      this.ender.endSession(this.#shellPid);
      this.ender.disown(this.#shellPid);
      shell.close();
    }
    const [head, ...rest] = this.#flight;
    this.#flight = [];
    head?.finish({ ...endingOf(head, head.stopping ?? "lost"), reason: why });
    for (const job of rest.reverse()) {
      // A change is never sent twice: nobody knows how far it came.
      if (job.task.id === undefined || job.tries >= 2) job.finish({ ...lost(why), ms: elapsed(job) });
      else this.#queue.unshift(afresh(job));
    }
    this.#pump();
  }

  #reopen(): void {
    this.#open().catch((error: unknown) => {
      const failure = error instanceof SshFailure ? error : new SshFailure("lost", String(error));
      this.stop(failure.message);
      this.onDead(failure);
    });
  }
}

function newJob(task: Task, finish: Job["finish"]): Job {
  return {
    task,
    finish,
    seq: 0,
    tries: 0,
    begun: 0,
    pid: 0,
    bytes: 0,
    errBytes: 0,
    kept: 0,
    errKept: 0,
    out: [],
    err: [],
    outEnded: false,
    errEnded: false,
    exit: 0,
    stopping: undefined,
    over: undefined,
  };
}

function afresh(job: Job): Job {
  return { ...newJob(job.task, job.finish), tries: job.tries + 1 };
}

function keep(into: Uint8Array[], bytes: Uint8Array, room: number): number {
  // A copy: ssh2 hands out slices of its own buffers.
  const kept = Uint8Array.prototype.slice.call(bytes, 0, room);
  into.push(kept);
  return kept.length;
}

function elapsed(job: Job): number {
  return job.begun === 0 ? 0 : performance.now() - job.begun;
}

function endingOf(job: Job, how: Ending["how"]): Ending {
  return {
    how,
    exit: job.exit,
    stdout: Buffer.concat(job.out),
    stderr: Buffer.concat(job.err),
    bytes: job.bytes,
    errBytes: job.errBytes,
    ms: elapsed(job),
    ...(job.over === undefined ? {} : { over: job.over }),
  };
}

function lost(reason: string): Ending {
  return {
    how: "lost",
    exit: 255,
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    bytes: 0,
    errBytes: 0,
    ms: 0,
    reason,
  };
}
