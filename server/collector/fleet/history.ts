import type { Finding } from "@/lib/checks/finding";
import type { HostDelta, HostSnapshot } from "@/lib/wire/model";
import type { ProblemRepository } from "@/server/store/repositories/problems";

type Change =
  | { readonly what: "open"; readonly finding: Finding; readonly status: "fail" | "warn"; readonly at: number }
  | { readonly what: "close"; readonly key: string; readonly at: number };

/** Keeps when which problem of a host opened and closed. Changes are collected and written together, so that a storm of them costs one write each second. */
export class HistoryRecorder {
  private readonly open = new Set<string>();
  private changes: Change[] = [];
  private known = false;

  constructor(
    private readonly host: string,
    private readonly problems: ProblemRepository,
  ) {}

  take(delta: HostDelta): void {
    if (!delta.findings) return;
    for (const finding of delta.findings.put) this.put(finding, delta.at);
    for (const key of delta.findings.drop) this.close(key, delta.at);
  }

  /**
   * Writes what has come together. `complete`: everything was read since the start, so that what a run before this one left open and is not found
   * now has ended meanwhile.
   */
  async flush(snapshot: HostSnapshot, complete: boolean): Promise<void> {
    if (!this.known && complete) {
      for (const row of await this.problems.openOf(this.host)) {
        if (snapshot.findings.some((finding) => finding.key === row.key && finding.status !== "unknown"))
          this.open.add(row.key);
        else await this.problems.close(this.host, row.key, snapshot.at);
      }
      this.known = true;
    }
    const changes = this.changes;
    this.changes = [];
    for (const change of changes) {
      if (change.what === "close") await this.problems.close(this.host, change.key, change.at);
      else {
        const { key, check, subject, message } = change.finding;
        await this.problems.open({
          host: this.host,
          key,
          check,
          subject,
          message,
          status: change.status,
          at: Math.min(change.finding.since, change.at),
        });
      }
    }
  }

  private put(finding: Finding, at: number): void {
    // "Unknown" neither opens nor closes a problem: not to see it is not to see it mended.
    if (finding.status === "unknown") return;
    if (this.open.has(finding.key)) return;
    this.open.add(finding.key);
    this.changes.push({ what: "open", finding, status: finding.status, at });
  }

  private close(key: string, at: number): void {
    if (!this.open.delete(key)) return;
    this.changes.push({ what: "close", key, at });
  }
}
