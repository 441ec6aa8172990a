import type { GraphView } from "../graph/view";
import type { CauseRule } from "./define";

/** What grouping looks at; a Finding is one. */
type Grouped = Parameters<CauseRule["links"]>[0];

/** Rules in the order in which they are asked: joint ones before the others. */
export const jointFirst = (rules: readonly CauseRule[]): CauseRule[] =>
  [...rules].sort((a, b) => Number(b.joint ?? false) - Number(a.joint ?? false));

/**
 * Parent of each finding that another one explains, by key. Findings without a parent are the heads of problems. A finding that could not be judged explains nothing.
 * Joint rules go first: both dead NICs of a bond stand under the bond, before either of them could claim it. A link that would make a finding its own ancestor is left out.
 */
export function group(
  findings: readonly Grouped[],
  rules: readonly CauseRule[],
  graph: GraphView,
): ReadonlyMap<string, string> {
  const byCheck = new Map<string, Grouped[]>();
  for (const finding of findings) {
    if (finding.status === "unknown") continue;
    const list = byCheck.get(finding.check);
    if (list) list.push(finding);
    else byCheck.set(finding.check, [finding]);
  }
  const parents = new Map<string, string>();
  if (byCheck.size === 0) return parents;
  const hang = (child: string, parent: string): void => {
    if (parents.has(child)) return;
    for (let above: string | undefined = parent; above !== undefined; above = parents.get(above))
      if (above === child) return;
    parents.set(child, parent);
  };
  for (const rule of jointFirst(rules)) {
    const causes = rule.cause.flatMap((check) => byCheck.get(check) ?? []);
    const effects = rule.effect.flatMap((check) => byCheck.get(check) ?? []);
    for (const effect of effects)
      for (const cause of causes) {
        if (cause.key === effect.key || !rule.links(cause, effect, graph)) continue;
        if (rule.joint) hang(cause.key, effect.key);
        else hang(effect.key, cause.key);
      }
  }
  return parents;
}

/** The head of the problem that a finding belongs to. */
export function headOf(key: string, parents: ReadonlyMap<string, string>): string {
  let at = key;
  for (let above = parents.get(at); above !== undefined; above = parents.get(at)) at = above;
  return at;
}
