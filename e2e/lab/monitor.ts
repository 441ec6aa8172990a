/**
 * QEMU's monitor over QMP. The human commands go through `human-monitor-command`: savevm, loadvm and
 * set_link have no simpler equal in QMP (QEMU manual, "QMP Reference"), and an empty answer means success.
 */
import { connect, type Socket } from "node:net";
import { LabError } from "./run";

interface Reply {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly id?: number;
}

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Monitor {
  private nextId = 1;
  private rest = "";
  private readonly waiting = new Map<number, Waiter>();

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => this.receive(chunk));
    socket.on("error", (error) => this.failAll(new LabError(`monitor: ${error.message}`)));
    socket.on("close", () => this.failAll(new LabError("the virtual hypervisor's QEMU closed its monitor")));
  }

  static async open(path: string): Promise<Monitor> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", (error) => reject(new LabError(`monitor ${path}: ${error.message}`)));
    });
    const monitor = new Monitor(socket);
    await monitor.execute("qmp_capabilities", {}, 10_000);
    return monitor;
  }

  /** One command of the human monitor. Whatever it prints is its answer; for most, printing is failing. */
  async human(line: string, timeoutMs = 60_000): Promise<string> {
    const answer = await this.execute("human-monitor-command", { "command-line": line }, timeoutMs);
    return typeof answer === "string" ? answer : JSON.stringify(answer);
  }

  /** For the commands that print nothing when all went well. */
  async humanSilent(line: string, timeoutMs = 60_000): Promise<void> {
    const answer = (await this.human(line, timeoutMs)).trim();
    if (answer !== "") throw new LabError(`monitor "${line}": ${answer}`);
  }

  execute(command: string, args: Record<string, unknown>, timeoutMs: number): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new LabError(`monitor gave no answer to ${command} ${JSON.stringify(args)} in ${timeoutMs} ms`));
      }, timeoutMs);
      this.waiting.set(id, {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: string): void {
    const lines = (this.rest + chunk).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      const reply = JSON.parse(line) as Reply; // greeting and events carry no id and fall through
      const waiter = reply.id === undefined ? undefined : this.waiting.get(reply.id);
      if (reply.id === undefined || waiter === undefined) continue;
      this.waiting.delete(reply.id);
      if (reply.error) waiter.reject(new LabError(`monitor: ${reply.error.desc}`));
      else waiter.resolve(reply.return);
    }
  }

  private failAll(error: Error): void {
    for (const waiter of this.waiting.values()) waiter.reject(error);
    this.waiting.clear();
  }
}
