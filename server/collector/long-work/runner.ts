import { randomUUID } from "node:crypto";
import type { Json } from "@/lib/graph/model";
import type { Job } from "@/lib/wire/topics/job";
import type { Wording } from "@/lib/wording";
import { BusProblem } from "../../bus/problem";
import type { Fleet } from "../fleet/fleet";
import type { Log } from "../log";
import type { JobKind } from "./define";

/** Jobs of all kinds and on all hosts that may run at once. */
const most = 50;

interface Running {
  readonly kind: JobKind;
  readonly hosts: readonly string[];
  readonly aborter: AbortController;
  /** Settled when nothing of it goes on any more. */
  readonly ended: Promise<void>;
}

export interface RunnerDeps {
  readonly kinds: Readonly<Record<string, JobKind>>;
  readonly fleet: Pick<Fleet, "host">;
  /** Shows a job as it is now. */
  readonly show: (job: Job) => void;
  readonly log: Log;
  readonly now: () => number;
}

/** Begins and ends jobs, and tells how far they are. */
export class JobRunner {
  private readonly running = new Map<string, Running>();

  constructor(private readonly deps: RunnerDeps) {}

  /** Begins a job; returns its id and hosts. @throws BusProblem bad-request, not-found, conflict (as many run there as may). */
  start(name: string, given: unknown): { readonly id: string; readonly hosts: readonly string[] } {
    const kind = Object.hasOwn(this.deps.kinds, name) ? this.deps.kinds[name] : undefined;
    if (!kind) throw new BusProblem("not-found", `there is no job ${JSON.stringify(name)}`);
    const read = kind.params.safeParse(given);
    if (!read.success)
      throw new BusProblem("bad-request", `${name}: ${read.error.issues[0]?.message ?? "not understood"}`);
    const hosts = kind.hosts(read.data);
    for (const host of hosts) {
      if (!this.deps.fleet.host(host)) throw new BusProblem("not-found", `there is no host ${host}`);
      const there = [...this.running.values()].filter((one) => one.kind === kind && one.hosts.includes(host)).length;
      if (there >= kind.mostPerHost)
        throw new BusProblem(
          "conflict",
          `${kind.title.en}: ${there === 1 ? "it runs" : `${there} run`} on ${host} already`,
        );
    }
    if (this.running.size >= most) throw new BusProblem("conflict", `${most} jobs run already`);
    const id = randomUUID();
    const aborter = new AbortController();
    const startedAt = this.deps.now();
    const shown = { id, kind: kind.id, hosts: [...hosts], startedAt };
    let last: { phase: string; words: Wording; body: Json } = { phase: "begun", words: kind.title, body: {} };
    const show = (more: typeof last, ended: boolean) => {
      last = more;
      this.deps.show({ ...shown, ...more, at: this.deps.now(), ended });
    };
    show(last, false);
    const tell = (phase: string, words: Wording, body: Json) => {
      // What is cancelled has nothing more to say.
      if (!aborter.signal.aborted) show({ phase, words, body }, false);
    };
    const work = async () => kind.run(read.data, { fleet: this.deps.fleet, signal: aborter.signal, tell });
    const ended = work()
      .then(
        (end) => (aborter.signal.aborted ? cancelled(last.body) : end),
        (error: unknown) => {
          if (aborter.signal.aborted) return cancelled(last.body);
          const reason = error instanceof Error ? error.message : String(error);
          this.deps.log("job-failed", { job: id, kind: kind.id, reason });
          return { phase: "failed", words: { en: `Failed: ${reason}`, zh: `失败：${reason}` }, body: last.body };
        },
      )
      .then((end) => {
        this.running.delete(id);
        show(end, true);
      });
    this.running.set(id, { kind, hosts, aborter, ended });
    return { id, hosts };
  }

  /** Ends a job; resolves when nothing of it goes on any more. @throws BusProblem not-found. */
  async cancel(id: string): Promise<void> {
    const job = this.runningOf(id);
    job.aborter.abort();
    await job.ended;
  }

  /** Ends them all. */
  async stop(): Promise<void> {
    await Promise.all([...this.running.keys()].map((id) => this.cancel(id)));
  }

  private runningOf(id: string): Running {
    const job = this.running.get(id);
    if (!job) throw new BusProblem("not-found", "this job does not run, or no longer");
    return job;
  }
}

const cancelled = (body: Json) => ({ phase: "cancelled", words: { en: "Cancelled", zh: "已取消" }, body });
