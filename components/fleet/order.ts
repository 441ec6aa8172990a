import { bySeverity } from "@/lib/graph/model";
import type { HostCard, HostInfo, HostState } from "@/lib/wire/model";

/** A host that cannot be seen may hide anything: it stands right behind what is known to be broken. */
const stateRank: Readonly<Record<HostState, number>> = {
  refused: 1,
  failed: 1,
  unreachable: 1,
  stale: 1,
  degraded: 2,
  connecting: 3,
  live: 4,
  captured: 5,
};

const natural = new Intl.Collator("en", { numeric: true });

/** Worst first, then most guests cut off, then by name. */
export function worstFirst(cards: readonly HostCard[]): HostCard[] {
  // What was broken on the day of a capture is nobody's trouble tonight: captures stand behind the hosts.
  const rank = ({ worst, host: { state } }: HostCard) =>
    worst === "fail" && state !== "captured" ? 0 : stateRank[state];
  return [...cards].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      bySeverity(a.worst, b.worst) ||
      b.counts.impacted - a.counts.impacted ||
      b.counts.problems - a.counts.problems ||
      natural.compare(a.host.name, b.host.name) ||
      (a.host.id < b.host.id ? -1 : 1),
  );
}

export interface FleetProblem {
  readonly host: HostInfo;
  readonly problem: HostCard["top"][number];
}

/** Heads of problems of all hosts but captures, the broken before the doubtful, widest first. A card carries at most five: the rest is on the host's own page. */
export const fleetProblems = (cards: readonly HostCard[]): FleetProblem[] =>
  cards
    .filter((c) => c.host.state !== "captured")
    .flatMap((c) => c.top.map((problem) => ({ host: c.host, problem })))
    .sort(
      (a, b) =>
        Number(a.problem.status === "warn") - Number(b.problem.status === "warn") ||
        b.problem.impacts - a.problem.impacts ||
        a.problem.since - b.problem.since,
    );
