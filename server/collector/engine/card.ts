import type { Finding } from "@/lib/checks/finding";
import { isGuest } from "@/lib/graph/kinds";
import { type Json, type Status, worse } from "@/lib/graph/model";
import { briefOf, type Problem } from "@/lib/problems/problem";
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

/** What a card is made from. */
export interface Glance {
  readonly host: HostInfo;
  readonly nodes: ReadonlyMap<string, ViewNode>;
  readonly findings: ReadonlyMap<string, Finding>;
  /** Worst first. */
  readonly problems: readonly Problem[];
  readonly stale: boolean;
  readonly spark: number[];
}

/** How many problems a card carries: the rest is on the host's own page. */
const topLength = 5;

/** The host at a glance. `worst` is stale while the host does not answer: what was found before may be over. */
export function cardOf({ host, nodes, findings, problems, stale, spark }: Glance): HostCard {
  let worst: Status = stale ? "stale" : "ok";
  let vms = 0;
  const impacted = new Set(problems.flatMap((problem) => problem.impacts));
  let unknown = 0;
  for (const finding of findings.values()) if (finding.status === "unknown") unknown++;
  for (const node of nodes.values()) {
    if (isGuest(node)) vms++;
    if (!stale) worst = worse(worst, node.status);
  }
  // A broken edge fails though both of its ends may be well.
  for (const finding of findings.values()) if (!stale) worst = worse(worst, finding.status);
  return {
    host,
    worst,
    counts: {
      vms,
      problems: problems.filter((problem) => problem.status === "fail").length,
      warnings: problems.filter((problem) => problem.status === "warn").length,
      unknown,
      impacted: impacted.size,
    },
    top: problems.slice(0, topLength).map(briefOf),
    spark,
  };
}
