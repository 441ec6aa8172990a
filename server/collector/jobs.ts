import { wordsOf } from "@/lib/text/said";
import type { RemedyBody, RemedyProgress } from "@/lib/wire/jobs/remedy";
import type { Job } from "@/lib/wire/topics/job";

/** How long a job that has ended stays to be seen, ms; and how many there are at most. */
const keptMs = 10 * 60_000;
const most = 200;

const ends: ReadonlySet<RemedyProgress["phase"]> = new Set(["kept", "undone", "failed", "unknown"]);

/**
 * Long work that goes on or has ended just now. Kept in memory: what must outlive a restart is the kind's own to store.
 */
export class Jobs {
  private readonly all = new Map<string, Job>();

  constructor(private readonly onChange: (change: { readonly put: Job[]; readonly drop: string[] }) => void) {}

  list(): Job[] {
    return [...this.all.values()];
  }

  get(id: string): Job | undefined {
    return this.all.get(id);
  }

  put(job: Job): void {
    // The newest last, so that the oldest is found first.
    this.all.delete(job.id);
    this.all.set(job.id, job);
    this.onChange({ put: [job], drop: this.prune(job.at) });
  }

  /** A step of a remedy: its job is begun with the first. */
  remedy(step: RemedyProgress): void {
    const before = this.all.get(step.run);
    const steps = [...((before?.body as RemedyBody | undefined)?.steps ?? []), step];
    this.put({
      id: step.run,
      kind: "remedy",
      hosts: [step.host],
      phase: step.phase,
      words: wordsOf(step.says),
      startedAt: before?.startedAt ?? step.at,
      at: step.at,
      ended: ends.has(step.phase),
      body: { steps } satisfies RemedyBody,
    });
  }

  private prune(now: number): string[] {
    const gone = this.list()
      .filter(({ ended, at }, place) => ended && (now - at > keptMs || place < this.all.size - most))
      .map(({ id }) => id);
    for (const id of gone) this.all.delete(id);
    return gone;
  }
}
