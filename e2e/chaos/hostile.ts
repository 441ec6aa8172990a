/**
 * The hostile host, in a process of its own and at the lowest priority: it stands for another machine, whose work must not look like a hold-up of the collector
 * or of the honest hosts. `hostile-child.ts` is the other end.
 */
import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Way } from "./ways";

const root = fileURLToPath(new URL("../..", import.meta.url));
const lowest = 19;
const answerMs = 60_000;

const Ready = z.object({ id: z.string(), specs: z.array(z.unknown()), known: z.array(z.string()) });

/** What the parent asks of the child: a way by its id, or the end of the one that lasts. Answered by "done". */
export const Asked = z.union([z.object({ begin: z.string() }), z.object({ end: z.literal(true) })]);

export class Hostile {
  private constructor(
    private readonly child: ChildProcess,
    readonly id: string,
    readonly specs: readonly unknown[],
    readonly known: readonly string[],
  ) {}

  /** Starts the process and its host. Rejects where it ends or says nothing within a minute. */
  static async start(guests: number): Promise<Hostile> {
    const child = fork("e2e/chaos/hostile-child.ts", [String(guests)], {
      cwd: root,
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const { id, specs, known } = Ready.parse(await answer(child));
    if (child.pid !== undefined) setPriority(child.pid, lowest);
    return new Hostile(child, id, specs, known);
  }

  begin(way: Way): Promise<void> {
    return this.#ask({ begin: way.id });
  }

  end(): Promise<void> {
    return this.#ask({ end: true });
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }

  async #ask(asked: z.output<typeof Asked>): Promise<void> {
    const answered = answer(this.child);
    this.child.send(asked);
    await answered;
  }
}

function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (act: () => void) => {
      clearTimeout(timer);
      child.off("message", heard);
      child.off("exit", ended);
      act();
    };
    const heard = (message: unknown) => done(() => resolve(message));
    const ended = () => done(() => reject(new Error("the hostile host's process has ended")));
    const timer = setTimeout(
      () => done(() => reject(new Error(`the hostile host's process did not answer within ${answerMs} ms`))),
      answerMs,
    );
    child.on("message", heard);
    child.on("exit", ended);
  });
}
