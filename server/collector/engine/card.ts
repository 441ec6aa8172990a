import { worse } from "@/lib/causes/assess";
import { headsOf } from "@/lib/causes/rank";
import type { Finding } from "@/lib/checks/finding";
import type { Json, Status } from "@/lib/graph/model";
import type { HostCard, HostInfo, ViewNode } from "@/lib/wire/model";

const minute = 60_000;
const minutes = 30;

/** Changes a minute over the last half hour. Kept by absolute minute, so that it survives a restart. */
export class Spark {
  readonly #counts = new Map<number, number>();

  constructor(memory: Json | undefined) {
    if (!Array.isArray(memory)) return;
    for (const row of memory as readonly Json[]) {
      if (!Array.isArray(row)) continue;
      const [at, count] = row as readonly Json[];
      if (typeof at === "number" && typeof count === "number") this.#counts.set(at, count);
    }
  }

  add(at: number): void {
    const key = Math.floor(at / minute);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    for (const old of this.#counts.keys()) if (old <= key - minutes) this.#counts.delete(old);
  }

  /** Oldest first, the minute of `now` last. */
  minutes(now: number): number[] {
    const last = Math.floor(now / minute);
    return Array.from({ length: minutes }, (_, at) => this.#counts.get(last - minutes + 1 + at) ?? 0);
  }

  dump(): Json {
    return [...this.#counts].map(([at, count]) => [at, count]);
  }
}

/** The host at a glance. `worst` is stale while the host does not answer: what was found before may be over. */
export function cardOf(
  host: HostInfo,
  nodes: ReadonlyMap<string, ViewNode>,
  findings: ReadonlyMap<string, Finding>,
  stale: boolean,
  spark: number[],
): HostCard {
  const heads = headsOf(findings.values());
  let worst: Status = stale ? "stale" : "ok";
  let vms = 0;
  const impacted = new Set(heads.flatMap((head) => head.impacts));
  let unknown = 0;
  for (const finding of findings.values()) if (finding.status === "unknown") unknown++;
  for (const node of nodes.values()) {
    if (node.kind === "vm") vms++;
    if (!stale) worst = worse(worst, node.status);
  }
  // A broken edge fails though both of its ends may be well.
  for (const finding of findings.values()) if (!stale) worst = worse(worst, finding.status);
  return {
    host,
    worst,
    counts: {
      vms,
      problems: heads.filter((head) => head.status === "fail").length,
      warnings: heads.filter((head) => head.status === "warn").length,
      unknown,
      impacted: impacted.size,
    },
    top: heads.slice(0, 5).map((head) => ({
      key: head.key,
      check: head.check,
      status: head.status === "fail" ? "fail" : "warn",
      message: head.message,
      params: head.params,
      subject: head.subject,
      impacts: head.impacts.length,
      since: head.since,
    })),
    spark,
  };
}
