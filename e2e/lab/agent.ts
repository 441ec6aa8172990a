/**
 * The root shell on the virtual hypervisor's virtio-serial port (image/rootfs/usr/local/sbin/lab-agent).
 * Faults are injected through it because no fault can cut it: it needs neither network nor sshd, and it
 * survives restoring a saved state, where an SSH connection dies with the state that it belonged to.
 */
import { connect, type Socket } from "node:net";
import { LabError, type Output } from "./run";

interface Pending {
  readonly id: string;
  readonly settle: (result: Output | Error) => void;
}

export class Agent {
  private rest = "";
  private sequence = 0;
  private pending: Pending | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  /** Ids of this process must not meet answers that a saved state still holds for another. */
  private readonly prefix = `${process.pid.toString(36)}-${Date.now().toString(36)}`;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.receive(chunk));
    socket.on("error", (error) => this.fail(`agent: ${error.message}`));
    socket.on("close", () => this.fail("the virtual hypervisor's QEMU closed the agent's port"));
  }

  static async open(path: string): Promise<Agent> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", (error) => reject(new LabError(`agent ${path}: ${error.message}`)));
    });
    return new Agent(socket);
  }

  /** Runs a bash script as root; one at a time, in the order asked. */
  run(script: string, timeoutMs: number): Promise<Output> {
    const turn = this.queue.then(() => this.send(script, timeoutMs));
    this.queue = turn.catch(() => undefined); // the next one's turn comes whether or not this one failed
    return turn;
  }

  /** Forgets what the state before a restore had half said. */
  reset(): void {
    this.rest = "";
    this.fail("the machine was restored while this command ran");
  }

  close(): void {
    this.socket.destroy();
  }

  private send(script: string, timeoutMs: number): Promise<Output> {
    const id = `${this.prefix}-${++this.sequence}`;
    const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
    return new Promise((resolve, reject) => {
      // The agent itself ends the script at its bound (status 124); ours only fires if the agent is gone.
      const timer = setTimeout(
        () => this.pending?.id === id && this.fail(`no answer from the agent in ${seconds + 10} s: ${script}`),
        (seconds + 10) * 1000,
      );
      this.pending = {
        id,
        settle: (result) => {
          clearTimeout(timer);
          if (result instanceof Error) reject(result);
          else resolve(result);
        },
      };
      const body = Buffer.from(script, "utf8").toString("base64");
      this.socket.write(`\nRUN ${id} ${seconds} ${body}\n`);
    });
  }

  private receive(chunk: string): void {
    const lines = (this.rest + chunk).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const [tag, id, status, out = "", err = ""] = line.split(" ");
      const pending = this.pending;
      if (tag !== "END" || pending === undefined || id !== pending.id) continue;
      this.pending = undefined;
      const text = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
      pending.settle({ status: Number(status), stdout: text(out), stderr: text(err) });
    }
  }

  private fail(why: string): void {
    const pending = this.pending;
    this.pending = undefined;
    pending?.settle(new LabError(why));
  }
}
