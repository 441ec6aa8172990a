import type { Problem } from "@/lib/problems/problem";
import type { HostDelta, HostSnapshot } from "@/lib/wire/model";
import type { ProblemRepository } from "@/server/store/repositories/problems";

/**
 * What has not been written of one problem: what it is now, and that it ended. Both: it came, or changed, and ended.
 */
interface Change {
  readonly problem?: Problem;
  readonly closedAt?: number;
}

/**
 * Keeps when which problem of a host opened, what became of it, and when it closed. Changes are collected and written
 * together, one write a problem however often it changed, so that a storm of them costs little.
 */
export class HistoryRecorder {
  /** Problems that are open in the store, or will be with the next write. */
  private readonly open = new Set<string>();
  /** Those of them whose head cannot be judged now: not to see it is not to see it mended. */
  private readonly doubtful = new Set<string>();
  private readonly changes = new Map<string, Change>();
  private known = false;

  constructor(
    private readonly host: string,
    private readonly problems: Pick<ProblemRepository, "put" | "close" | "openOf">,
  ) {}

  take(delta: HostDelta): void {
    const findings = new Map(delta.findings?.put.map((finding) => [finding.key, finding]));
    for (const problem of delta.problems?.put ?? []) {
      this.open.add(problem.key);
      this.doubtful.delete(problem.key);
      this.changes.set(problem.key, { problem });
    }
    for (const key of delta.problems?.drop ?? [])
      if (findings.get(key)?.status === "unknown") this.doubtful.add(key);
      else this.close(key, delta.at);
    for (const key of this.doubtful) {
      const now = findings.get(key);
      // Judged again and no problem of its own any more: another explains it.
      if (delta.findings?.drop.includes(key) || (now && now.status !== "unknown")) this.close(key, delta.at);
    }
  }

  /**
   * Writes what has come together; what could not be written stays for the next time. `complete`: everything was read
   * since the start, so that what a run before this one left open and is not found now has ended meanwhile.
   */
  async flush(snapshot: HostSnapshot, complete: boolean): Promise<void> {
    if (!this.known && complete) {
      await this.catchUp(snapshot);
      this.known = true;
    }
    for (const [key, change] of [...this.changes]) {
      if (change.problem) await this.problems.put(this.host, change.problem);
      if (change.closedAt !== undefined) await this.problems.close(this.host, key, change.closedAt);
      // Another may have come while this one was written.
      if (this.changes.get(key) === change) this.changes.delete(key);
    }
  }

  private async catchUp(snapshot: HostSnapshot): Promise<void> {
    const there = new Set(snapshot.problems.map(({ key }) => key));
    const unjudged = new Set(snapshot.findings.flatMap(({ key, status }) => (status === "unknown" ? key : [])));
    for (const { key } of await this.problems.openOf(this.host)) {
      if (there.has(key)) this.open.add(key);
      else if (unjudged.has(key)) {
        this.open.add(key);
        this.doubtful.add(key);
      } else await this.problems.close(this.host, key, snapshot.at);
    }
  }

  private close(key: string, at: number): void {
    this.doubtful.delete(key);
    if (!this.open.delete(key)) return;
    this.changes.set(key, { ...this.changes.get(key), closedAt: at });
  }
}
