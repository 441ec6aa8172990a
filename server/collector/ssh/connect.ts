import type { Probe } from "@/lib/probes/define";
import type { Reached } from "@/lib/remedies/management";
import type { Hop, HostSpec } from "@/lib/wire/rest";
import { type Connect, type EventHandlers, type HostConnection, type ProbeRun, SshFailure } from "./api";
import { HostBudget, SumBudget } from "./budget";
import { Control } from "./control";
import { type Dialled, dial, hopName } from "./dial";
import type { RootMode } from "./dialects/dialect";
import { posix } from "./dialects/posix";
import { parseKnownHosts } from "./known-hosts";
import { message } from "./login";
import { toProbeRun } from "./outcome";
import { quoteArgv, quoteWord } from "./quote";
import { openShell, type Shell, SudoRefused } from "./shell";
import { openStream } from "./stream";
import { applyConfig } from "./target";
import { type Ending, priority, Work } from "./work";

const connectMs = 15_000;
const runMs = 30_000;
const runBytes = 4_194_304;
/** Scripts over channels of their own at once: sshd allows ten sessions a connection (MaxSessions), of which three are ours already. */
const streamsMost = 4;

/**
 * Logs in to a host, through its jump hosts, verifying every key, and opens its two shells. Rejects with SshFailure. The promise is
 * settled within a few times `connectTimeoutMs` (default 15 s, per hop), whatever the far side does.
 */
export const connect: Connect = async (asked, keys, options = {}) => {
  const spec = options.sshConfig === undefined ? asked : await configured(asked, options.sshConfig);
  const route: Hop[] = [...spec.jump, { address: spec.address, port: spec.port, user: spec.user, login: spec.login }];
  const known = parseKnownHosts(keys.lines());
  const dialled = await dial(route, {
    known,
    timeoutMs: options.connectTimeoutMs ?? connectMs,
    signal: options.signal,
  });
  const onAbort = () => dialled.close("given up");
  options.signal?.addEventListener("abort", onAbort);
  try {
    return await Host.open(dialled, spec.sudo, hopName(spec), options.budget ?? new HostBudget(new SumBudget()));
  } catch (error) {
    // What was waited for fails in many words when the connection goes; why it went is what a person needs.
    const fault = dialled.fault();
    if (fault) throw fault;
    const why = dialled.closedBecause();
    if (why !== undefined) throw new SshFailure("lost", why);
    dialled.close(message(error));
    if (error instanceof SshFailure) throw error;
    throw new SshFailure("protocol", `${hopName(spec)}: ${message(error)}`);
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
  }
};

async function configured(spec: HostSpec, text: string): Promise<HostSpec> {
  return applyConfig(spec, text).catch((error: unknown) => {
    throw new SshFailure("unreachable", `${spec.address}: ssh configuration: ${message(error)}`);
  });
}

type SudoChoice = Parameters<Connect>[0]["sudo"];

interface Rooted {
  /** As the first shell has it: sudo hands no such variable on. */
  readonly reached: Reached | undefined;
  readonly control: Control;
  readonly root: HostConnection["root"];
  readonly rootReason?: string;
  /** As what the work shell runs. */
  readonly mode: RootMode;
  readonly openWork: () => Promise<Shell>;
}

/** One connection: implements the contract over Control and Work. */
class Host implements HostConnection {
  readonly platform = posix.platform;
  readonly reads = posix.reads;
  readonly root: HostConnection["root"];
  readonly rootReason?: string;
  readonly hostname: string;
  readonly reached: Reached | undefined;
  readonly closed: Promise<SshFailure>;
  readonly #dialled: Dialled;
  readonly #control: Control;
  readonly #work: Work;
  readonly #mode: RootMode;
  readonly #budget: HostBudget;
  readonly #openShell: () => Promise<Shell>;
  /** A second work shell, for what runs once; undefined until it is needed. */
  #aside: Promise<Work> | undefined;
  #streams = 0;

  private constructor(dialled: Dialled, rooted: Rooted, work: Work, budget: HostBudget) {
    this.#dialled = dialled;
    this.#budget = budget;
    this.#control = rooted.control;
    this.#work = work;
    this.#mode = rooted.mode;
    this.#openShell = rooted.openWork;
    this.root = rooted.root;
    this.rootReason = rooted.rootReason;
    this.hostname = rooted.control.hello.hostname;
    this.reached = rooted.reached;
    this.closed = dialled.ended;
    const ended = (failure: SshFailure) => {
      this.#control.stop();
      this.#work.stop(failure.message);
      void this.#aside?.then((aside) => aside.stop(failure.message));
    };
    void dialled.ended.then(dialled.guard.around("the end of a connection", ended));
  }

  static async open(dialled: Dialled, sudo: SudoChoice, name: string, budget: HostBudget): Promise<Host> {
    const rooted = await becomeRoot(dialled, sudo, name);
    const work = new Work(rooted.openWork, rooted.mode, rooted.control, (failure) =>
      dialled.close(`${name}: ${failure.message}`),
    );
    await work.start();
    return new Host(dialled, rooted, work, budget);
  }

  async sweep(probes: readonly Probe[], onResult?: (result: ProbeRun) => void): Promise<ProbeRun[]> {
    const urgent = probes.every((probe) => probe.tier === "fast");
    const budget = this.#budget.sweep();
    return Promise.all(
      probes.map(async (probe) => {
        let taken = 0;
        const take = (bytes: number) => {
          const over = budget.take(probe.id, bytes);
          if (over === undefined) taken += bytes;
          return over;
        };
        const ending = await this.#work.run({
          take,
          id: probe.id,
          script: probe.script,
          timeoutMs: probe.timeoutMs,
          maxBytes: probe.maxBytes,
          priority: urgent ? priority.narrow : priority.slow,
        });
        const result = toProbeRun(probe, ending, Date.now(), this.rootReason);
        const kept = result.outcome === "ok" ? Math.min(taken, result.bytes) : undefined;
        budget.settle(probe.id, taken, kept, result.outcome === "lost");
        onResult?.(result);
        return result;
      }),
    );
  }

  async follow(handlers: EventHandlers): Promise<void> {
    this.#control.follow(handlers);
  }

  run: HostConnection["run"] = async (argv, options = {}) => {
    const command = this.#rooted(argv);
    const fed = options.stdin === undefined ? command : `printf %s ${quoteWord(options.stdin)} | ${command}`;
    return this.#once(fed, options.timeoutMs ?? runMs, argv[0] ?? "");
  };

  script: HostConnection["script"] = async (script, parameters, options = {}) => {
    return this.#once(this.#rooted(constant(script, parameters)), options.timeoutMs ?? runMs, "script");
  };

  open: HostConnection["open"] = async (script, parameters, options) => {
    if (this.#streams >= streamsMost)
      throw new SshFailure("busy", `${streamsMost} scripts run on ${this.hostname} already`);
    this.#streams++;
    const left = () => {
      this.#streams--;
    };
    try {
      const shell = await this.#openShell();
      const far = { dialect: posix, root: this.#mode, ender: this.#control };
      const stream = await openStream(shell, far, this.#rooted(constant(script, parameters)), options);
      void stream.ended.then(left);
      return stream;
    } catch (error) {
      left();
      throw error instanceof SshFailure ? error : new SshFailure("protocol", message(error));
    }
  };

  close(): void {
    this.#dialled.close("closed on our side");
  }

  /** As root, where it is had by sudo; the work shell itself is root where it is had otherwise. */
  #rooted(argv: readonly string[]): string {
    return quoteArgv(this.#mode === "sudo" ? ["sudo", "-n", "--", ...argv] : argv);
  }

  /**
   * The shell for what runs once, so that a command that takes its time holds up no sweep. Where the host opens no more shells (sshd_config: MaxSessions), the one for sweeps
   * has to do.
   */
  #forOnce(): Promise<Work> {
    this.#aside ??= (async () => {
      const aside = new Work(this.#openShell, this.#mode, this.#control, () => {
        this.#aside = undefined;
      });
      try {
        await aside.start();
        return aside;
      } catch (error) {
        if (error instanceof SshFailure) return this.#work;
        throw error;
      }
    })();
    return this.#aside;
  }

  async #once(script: string, timeoutMs: number, what: string) {
    const work = await this.#forOnce();
    const ending = await work.run({ script, timeoutMs, maxBytes: runBytes, priority: priority.change });
    if (ending.how !== "exit") throw new SshFailure("lost", `${what}: ${whyNot(ending, timeoutMs)}`);
    return { exit: ending.exit, stdout: utf8(ending.stdout), stderr: utf8(ending.stderr) };
  }
}

const constant = (script: string, parameters: readonly string[]) => ["/bin/sh", "-c", script, "taproot", ...parameters];

function whyNot(ending: Ending, timeoutMs: number): string {
  if (ending.how === "timeout") return `no end after ${timeoutMs} ms; it was ended`;
  if (ending.how === "cut") return `printed more than ${runBytes} bytes; it was ended`;
  return ending.reason ?? "the connection ended";
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Finds out how root is had: by login, by sudo without a password, by a held root shell, or not at all. */
async function becomeRoot(dialled: Dialled, sudo: SudoChoice, name: string): Promise<Rooted> {
  const silence = (reason: string) => dialled.close(`${name}: ${reason}`);
  const { client, guard } = dialled;
  const plain = () => openShell(client, guard);
  const control = await Control.open(await plain(), sudo.kind !== "none", silence);
  const { reached } = control.hello;
  if (control.hello.uid === 0) return { control, reached, root: "direct", mode: "direct", openWork: plain };
  if (control.hello.sudo === "ok") return { control, reached, root: "sudo", mode: "sudo", openWork: plain };
  if (sudo.kind === "password") {
    try {
      const held = () => openShell(client, guard, sudo.password);
      const rootControl = await Control.open(await held(), false, silence);
      control.stop();
      return { control: rootControl, reached, root: "sudo", mode: "direct", openWork: held };
    } catch (error) {
      if (!(error instanceof SudoRefused)) throw error;
      return { control, reached, root: "none", rootReason: error.message, mode: "none", openWork: plain };
    }
  }
  const rootReason =
    sudo.kind === "none"
      ? "logged in without root, and sudo is not to be used"
      : control.hello.sudoReason || "sudo allows nothing without a password";
  return { control, reached, root: "none", rootReason, mode: "none", openWork: plain };
}
