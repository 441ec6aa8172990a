import type { GraphEdge, GraphNode } from "../../graph/model";
import type { CheckTrack, CheckView } from "../define";
import { growth } from "../growth";
import type { Culprit } from "./ruleset";
import type { FirewallView } from "./traffic";

type Tool = "nft" | "iptables";

const windowMs = 1_800_000;

/** Packets that the culprit has taken so far; undefined where its tool does not count them (a rule of nft without a counter, a policy of nft). */
export const countOf = ({ chain, rule }: Culprit): number | undefined => (rule ? rule.counted : chain.base?.counted);

/** Which rule it is, as a number: the counts of two rules must not be told as the growth of one. FNV-1a. */
function markOf({ chain, line }: Culprit): number {
  const text = [chain.tool, chain.family, chain.table, chain.name, line].join("\n");
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

/**
 * Tracks of the culprit's counter, so that two readings show whether packets run into it. Not of single guests' TAPs: there may be hundreds, and their rules are shown with their count
 * all the same.
 */
export function countTracks(
  culpritOf: (subject: GraphNode, view: FirewallView) => Culprit | undefined,
): Readonly<Record<"packets" | "rule", CheckTrack<Tool>>> {
  const track = (value: (culprit: Culprit) => number | undefined): CheckTrack<Tool> => ({
    windowMs,
    sample(subject: GraphNode | GraphEdge, view: CheckView<Tool>) {
      if ("from" in subject || subject.kind === "tap") return undefined;
      const culprit = culpritOf(subject, view);
      return culprit && countOf(culprit) !== undefined ? value(culprit) : undefined;
    },
  });
  return { packets: track(countOf), rule: track(markOf) };
}

/** "45 more packets in 300 s": what has run into this very culprit between the readings; undefined while nothing has, or nothing counts it. */
export function grown(view: FirewallView, culprit: Culprit): string | undefined {
  const mark = markOf(culprit);
  const other = view.samples("rule").findLast((one) => one.value !== mark)?.at ?? Number.NEGATIVE_INFINITY;
  const more = growth(
    view.samples("packets").filter((one) => one.at > other),
    view.now,
    windowMs,
  );
  return more && more.delta > 0 ? `${more.delta} more packets in ${Math.round(more.ms / 1000)} s` : undefined;
}
