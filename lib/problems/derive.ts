import type { Finding } from "../checks/finding";
import type { Occurrence, Problem } from "./problem";
import { byBlast } from "./rank";

/** What problems are made from; a Finding is one, of today or of an older release. */
export type Found = Pick<
  Finding,
  "key" | "check" | "subject" | "status" | "message" | "params" | "impacts" | "since" | "cause"
>;

/** A problem of which nothing is known from before. */
const firstTime = ({ since }: Found): Occurrence => ({ since, last: since, flaps: 0 });

/**
 * Findings as problems, worst first. What could not be judged is no problem. A cause that is not in the list (or a ring
 * of causes, which would hide all its members) leaves its finding a head: nothing that fails is ever left out.
 *
 * @param occurrence when the problem with this head came; by default as if it had come for the first time.
 */
export function problemsOf(findings: Iterable<Found>, occurrence: (head: Found) => Occurrence = firstTime): Problem[] {
  const byKey = new Map<string, Found>();
  for (const finding of findings) if (finding.status !== "unknown") byKey.set(finding.key, finding);
  const tails = new Map<Found, Found[]>();
  for (const finding of byKey.values()) {
    const head = headOf(finding, byKey);
    const tail = tails.get(head) ?? [];
    tails.set(head, tail);
    if (finding !== head) tail.push(finding);
  }
  return [...tails].map(([head, tail]) => made(head, tail, occurrence(head))).sort(byBlast);
}

function headOf(finding: Found, byKey: ReadonlyMap<string, Found>): Found {
  const seen = new Set<string>();
  let at = finding;
  while (at.cause !== undefined && !seen.has(at.key)) {
    seen.add(at.key);
    const next = byKey.get(at.cause);
    if (!next) return at;
    at = next;
  }
  return at.cause === undefined ? at : finding;
}

function made(head: Found, tail: readonly Found[], occurrence: Occurrence): Problem {
  const { key, check, subject, message, params, impacts } = head;
  return {
    key,
    check,
    subject,
    // problemsOf leaves out what could not be judged.
    status: head.status === "fail" ? "fail" : "warn",
    message,
    params,
    // Each has a cause, or it would be a head.
    tail: [...tail].sort(byBlast).map((one) => ({ key: one.key, cause: one.cause ?? key })),
    impacts,
    since: occurrence.since,
    last: occurrence.last,
    flaps: occurrence.flaps,
  };
}
