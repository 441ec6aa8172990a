import type { Terminal } from "./terminal";
import { visible } from "./visible";

const quietMs = 2_000;
const everyMs = 250;
const plainEveryMs = 5_000;

/**
 * Says on stderr what a run is doing, once it has taken two seconds: one line that is rewritten on a terminal, a line every five seconds
 * elsewhere. `stop` clears it; nothing keeps the process alive.
 */
export class Progress {
  private readonly started = Date.now();
  private readonly tasks = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;
  private shown = 0;
  private done = 0;
  private lastPlain = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly total: number,
  ) {
    this.timer = setInterval(() => this.show(), everyMs);
    this.timer.unref();
  }

  set(task: string, says: string): void {
    this.tasks.set(task, says);
  }

  finish(task: string): void {
    if (this.tasks.delete(task)) this.done += 1;
  }

  stop(): void {
    clearInterval(this.timer);
    if (this.shown > 0 && this.terminal.errIsTty) this.terminal.err(`\r${" ".repeat(this.shown)}\r`);
    this.shown = 0;
  }

  private show(): void {
    const now = Date.now();
    if (now - this.started < quietMs) return;
    const seconds = Math.round((now - this.started) / 1000);
    const [first] = this.tasks;
    const more = this.tasks.size > 1 ? ` and ${this.tasks.size - 1} more` : "";
    const doing = first === undefined ? "" : `: ${visible(first[0])} ${visible(first[1])}${more}`;
    const text = `${this.done} of ${this.total} hosts, ${seconds} s${doing}`.slice(0, 110);
    if (this.terminal.errIsTty) {
      this.terminal.err(`\r${text.padEnd(this.shown)}`);
      this.shown = text.length;
    } else if (now - this.lastPlain >= plainEveryMs) {
      this.lastPlain = now;
      this.terminal.err(`${text}\n`);
    }
  }
}
