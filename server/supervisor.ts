import { type ChildProcess, spawn } from "node:child_process";

/** By convention of both children: a person has to mend something, and starting again would not. The child has said what, in one line. */
const needsPerson = 3;

export interface ChildSpec {
  readonly name: string;
  /** Script and its arguments, run by this Node. */
  readonly argv: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** Whom it runs as, where that is not whom we run as. Its other groups are dropped. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Given on its channel as soon as it runs, each time: what must not stand in an environment. */
  readonly handover?: object;
}

export interface SupervisorOptions {
  readonly children: readonly ChildSpec[];
  readonly log: (line: string) => void;
  /** What a child says on its channel. */
  readonly onMessage?: (child: string, message: object) => void;
  /** How long a child may take to end when asked to, ms; then it is killed. */
  readonly endWithinMs?: number;
  readonly firstWaitMs?: number;
  readonly longestWaitMs?: number;
  /** A child that lived this long was well: its next death is its first, ms. */
  readonly wellAfterMs?: number;
}

const defaults = { endWithinMs: 8_000, firstWaitMs: 250, longestWaitMs: 30_000, wellAfterMs: 30_000 };

/** Starts child processes, and starts each again, with growing waits, when it dies. They know that we are gone by the end of their IPC channel. */
export class Supervisor {
  private readonly keepers: Keeper[];
  private stopping: Promise<void> | undefined;
  private settle: (code: number) => void = () => undefined;
  /** Resolves with the exit code when all has ended: 0 after `stop`, else that of the child that cannot run. */
  readonly ended = new Promise<number>((resolve) => {
    this.settle = resolve;
  });

  constructor(options: SupervisorOptions) {
    const all = { ...defaults, ...options };
    this.keepers = options.children.map((spec) => new Keeper(spec, all, (code) => void this.stop(code)));
  }

  start(): void {
    for (const keeper of this.keepers) keeper.start();
  }

  /** Asks all children to end, and ends those that do not within the time. */
  stop(code = 0): Promise<void> {
    this.stopping ??= Promise.all(this.keepers.map((keeper) => keeper.stop())).then(() => this.settle(code));
    return this.stopping;
  }

  /** Ends them at once, or the one of this name: the second Ctrl-C, or a child that is out of its mind. */
  kill(name?: string): void {
    for (const keeper of this.keepers) if (name === undefined || keeper.name === name) keeper.kill();
  }

  /** Ends the child of this name and starts it again at once, without the wait after a death: its code is another. */
  async restart(name: string): Promise<void> {
    await this.keepers.find((keeper) => keeper.name === name)?.restart();
  }

  /** Process id of a running child. */
  pid(name: string): number | undefined {
    return this.keepers.find((keeper) => keeper.name === name)?.pid;
  }
}

/** Keeps one child running. */
class Keeper {
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();
  private wait: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopping = false;
  private renewing = false;
  private wasReady = false;

  constructor(
    private readonly spec: ChildSpec,
    private readonly options: SupervisorOptions & typeof defaults,
    private readonly onHopeless: (code: number) => void,
  ) {
    this.wait = options.firstWaitMs;
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    if (this.stopping) return;
    const begun = Date.now();
    const child = spawn(process.execPath, [...this.spec.argv], {
      env: this.spec.env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      ...this.spec.user,
    });
    this.child = child;
    // A child that died before it could take it is started again by the events below.
    if (this.spec.handover) child.send({ handover: this.spec.handover }, () => undefined);
    child.on("message", (message) => {
      if (message === null || typeof message !== "object") return;
      if ("ready" in message) this.wasReady = true;
      this.options.onMessage?.(this.spec.name, message);
    });
    this.exited = new Promise((resolve) => {
      const over = (how: string, code: number | null) => {
        if (this.child !== child) return;
        this.child = undefined;
        resolve();
        this.died(how, code, Date.now() - begun);
      };
      child.on("error", (error) => over(error.message, null));
      child.on("exit", (code, signal) => over(signal ? `signal ${signal}` : `exit ${code}`, code));
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.end();
  }

  /** What is asked for while it ends is the same wish: it is started from the newest code then. */
  async restart(): Promise<void> {
    if (this.renewing) return;
    this.renewing = true;
    await this.end();
    this.renewing = false;
    this.start();
  }

  /** Asks the child to end, ends it when it does not within the time, and keeps it from being started again by a timer. */
  private async end(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.child) return;
    this.child.kill("SIGTERM");
    const late = setTimeout(() => {
      this.options.log(`${this.name} does not end; it is killed`);
      this.kill();
    }, this.options.endWithinMs);
    await this.exited;
    clearTimeout(late);
  }

  kill(): void {
    this.child?.kill("SIGKILL");
  }

  private died(how: string, code: number | null, livedMs: number): void {
    if (this.stopping || this.renewing) return;
    // Once it has worked, what is wrong now (a full disk) may pass, and the other process must go on meanwhile.
    if (code === needsPerson && !this.wasReady) {
      this.onHopeless(needsPerson);
      return;
    }
    if (livedMs >= this.options.wellAfterMs) this.wait = this.options.firstWaitMs;
    this.options.log(`${this.name} ended unexpectedly (${how}); starting it again in ${this.wait} ms`);
    this.timer = setTimeout(() => this.start(), this.wait);
    this.wait = Math.min(this.options.longestWaitMs, this.wait * 2);
  }
}
