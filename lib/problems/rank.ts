import type { Finding } from "../checks/finding";

const weight = { fail: 0, warn: 1, unknown: 2 } as const;

/** What the order looks at; findings and problems have it. */
type Ranked = Pick<Finding, "key" | "status" | "impacts" | "since">;

/**
 * Order for people: what fails first, then by number of guests cut off, then the oldest, then by key, so that rows
 * never swap by themselves and the order is the same in every browser.
 */
export function byBlast(a: Ranked, b: Ranked): number {
  return (
    weight[a.status] - weight[b.status] ||
    b.impacts.length - a.impacts.length ||
    a.since - b.since ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}
