/** Processes and waits, every one of them bounded and every failure named. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

export class LabError extends Error {
  override readonly name = "LabError";
}

export interface Output {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly timeoutMs?: number;
  readonly input?: string;
  /** Let standard error through, for a command that reports progress there. */
  readonly showStderr?: boolean;
}

/** Runs a command to its end and gives whatever it printed; only a timeout or a missing program throws. */
export function tryRun(argv: readonly string[], options: RunOptions = {}): Promise<Output> {
  const { timeoutMs = 15_000, input = "", showStderr = false } = options;
  const [file, ...args] = argv;
  if (file === undefined) throw new LabError("empty command");
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["pipe", "pipe", showStderr ? "inherit" : "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new LabError(`no end after ${timeoutMs} ms: ${argv.join(" ")}`));
    }, timeoutMs);
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new LabError(`cannot run ${file}: ${error.message}`));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      const text = (parts: Buffer[]) => Buffer.concat(parts).toString("utf8");
      resolve({ status: code ?? 255, stdout: text(out), stderr: text(err) });
    });
    child.stdin?.on("error", () => undefined /* it may end without reading; its status says the rest */);
    child.stdin?.end(input);
  });
}

/** Runs a command that must succeed and gives its standard output. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await tryRun(argv, options);
  if (status !== 0) throw new LabError(`status ${status}: ${argv.join(" ")}\n${stderr || stdout}`.trimEnd());
  return stdout;
}

/** Closes what the caller's shell left open: a daemon that kept the end of a pipe would keep its reader waiting for ever. */
const closeInherited =
  'for n in $(ls /proc/$$/fd); do [ "$n" -le 2 ] || eval "exec $n>&-"; done 2>/dev/null; exec "$@"';

/** Starts a process that outlives this call, in a session of its own so that a Ctrl-C here does not reach it. */
export function startDetached(argv: readonly string[], logFd: number): ChildProcess {
  if (argv.length === 0) throw new LabError("empty command");
  const child = spawn("bash", ["-c", closeInherited, "bash", ...argv], {
    detached: true,
    stdio: ["ignore", logFd, logFd],
  });
  child.unref();
  return child;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly everyMs?: number;
}

/** Asks until the answer is neither false nor undefined; at the bound it says what did not happen. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs, everyMs = 100 }: WaitOptions,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new LabError(`did not happen within ${timeoutMs / 1000} s: ${what}`);
    await sleep(everyMs);
  }
}

/** Quotes one word for a POSIX shell. */
export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Is this process alive, and is it still the one that was started (a number is soon another's)? */
export async function processIs(pid: number, mark: string): Promise<boolean> {
  const argv = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return argv.includes(mark);
}
