import type { Finding } from "../checks/finding";

const weight = { fail: 0, warn: 1, unknown: 2 } as const;

/** Order of findings for people: what fails first, then by number of guests cut off, then the oldest, then by key, so that rows never swap by themselves and the order is the same in every browser. */
export function byBlast(a: Finding, b: Finding): number {
  return (
    weight[a.status] - weight[b.status] ||
    b.impacts.length - a.impacts.length ||
    a.since - b.since ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

/** Heads of problems, worst first. What could not be judged is no problem. */
export function headsOf(findings: Iterable<Finding>): Finding[] {
  return [...findings].filter((finding) => finding.cause === undefined && finding.status !== "unknown").sort(byBlast);
}
