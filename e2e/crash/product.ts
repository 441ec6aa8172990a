import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
export type Victim = "collector" | "web";

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The product with a data folder of its own, whose processes are killed. */
export class MortalProduct {
  url = "";
  private output = "";
  private child: ChildProcess | undefined;
  private rest = "";
  /** How often each has said that it is there: by its health alone, the page believes in a killed collector for a moment. */
  private readonly starts: Record<Victim, number> = { collector: 0, web: 0 };
  private readonly wanted: Record<Victim, number> = { collector: 1, web: 1 };
  readonly data = mkdtempSync(join(tmpdir(), "taproot-crash-"));

  /** Resolves when its page and its setup link were printed. Rejects after a minute. */
  async start(): Promise<{ setup: string }> {
    const argv = ["--import", "tsx", "e2e/crash/supervisor.ts", "--port", "0", "--data", this.data];
    const child = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (bytes: Buffer) => {
        // The whole of a long run is many MB; what it ends with tells most.
        this.output = (this.output + bytes.toString("utf8")).slice(-400_000);
        this.count(bytes.toString("utf8"));
      });
    const deadline = Date.now() + 60_000;
    for (;;) {
      const [, url, token] = /(https?:\S+)\/setup\?token=(\S+)/.exec(this.output) ?? [];
      if (url !== undefined && token !== undefined) {
        this.url = url;
        return { setup: token };
      }
      if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}:\n${this.output}`);
      if (Date.now() > deadline) throw new Error(`no setup link within 60 s:\n${this.output}`);
      await sleep(50);
    }
  }

  /** What it printed last. */
  get log(): string {
    return this.output;
  }

  /** Kills one of its processes as a power cut would. False where that one is not running just now. */
  kill(victim: Victim): boolean {
    const pid = this.pid(victim);
    if (pid === undefined) return false;
    process.kill(pid, "SIGKILL");
    this.wanted[victim] = this.starts[victim] + 1;
    return true;
  }

  private count(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("Taproot is at ")) this.starts.web++;
      if (line.includes('"event":"started"')) this.starts.collector++;
    }
  }

  /** Waits until the page answers and has its collector. Resolves with the time that took, ms. Rejects after two, and where the supervisor has ended. */
  async up(): Promise<number> {
    const begun = Date.now();
    for (;;) {
      const health = await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(2_000) })
        .then((answer) => answer.json() as Promise<{ collector?: string }>)
        .catch(() => undefined);
      const started = this.starts.collector >= this.wanted.collector && this.starts.web >= this.wanted.web;
      if (started && health?.collector === "up") return Date.now() - begun;
      if (this.child?.exitCode !== null) throw new Error(`the supervisor ended:\n${this.output}`);
      if (Date.now() - begun > 120_000) throw new Error(`not up again within 120 s:\n${this.output.slice(-4_000)}`);
      await sleep(50);
    }
  }

  async dispose(): Promise<void> {
    const child = this.child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.data, { recursive: true, force: true });
  }

  /** By the command line of the supervisor's children. */
  private pid(victim: Victim): number | undefined {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const parent = /^\d+ \(.*\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, "latin1"))?.[1];
        if (Number(parent) !== this.child?.pid) continue;
        if (readFileSync(`/proc/${name}/cmdline`, "latin1").includes(`dist/${victim}.js`)) return Number(name);
      } catch {
        // A process that ended while we looked.
      }
    }
    return undefined;
  }
}
