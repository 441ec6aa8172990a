/** Which cause rule hung what under what: the proof of the rules in lib/causes, as what the product sends names the cause of a finding only. */
import type { CauseRule } from "@/lib/causes/define";
import { jointFirst } from "@/lib/causes/group";
import { rules } from "@/lib/causes/registry";
import type { Finding } from "@/lib/checks/finding";
import { viewOf } from "@/lib/graph/view";
import type { HostSnapshot } from "@/lib/wire/model";

export interface Hung {
  readonly rule: string;
  /** Key of the finding that hangs, `<check>@<subject>`. */
  readonly effect: string;
  /** Key of the one that it hangs under. */
  readonly under: string;
}

/** As the product asks them: the first that links a pair has hung it. */
const ordered = jointFirst(rules);

/** Every finding that hangs under another. A pair that no rule links is an error: somebody else must have hung it. */
export function hungOf({ findings, nodes, edges }: HostSnapshot): Hung[] {
  const graph = viewOf({
    nodes: new Map(nodes.map((node) => [node.id, node])),
    edges: new Map(edges.map((edge) => [edge.id, edge])),
  });
  const byKey = new Map(findings.map((finding) => [finding.key, finding]));
  const links = (rule: CauseRule, cause: Finding, effect: Finding) =>
    rule.cause.includes(cause.check) && rule.effect.includes(effect.check) && rule.links(cause, effect, graph);
  return findings.flatMap((finding) => {
    const above = finding.cause === undefined ? undefined : byKey.get(finding.cause);
    if (!above) return [];
    const rule = ordered.find((one) => (one.joint ? links(one, finding, above) : links(one, above, finding)));
    if (!rule) throw new Error(`no cause rule hangs ${finding.key} under ${above.key}`);
    return [{ rule: rule.id, effect: finding.key, under: above.key }];
  });
}

/** Rules that name this case as the one in which they are seen to work. */
export const rulesOf = (caseId: string): string[] =>
  rules.filter(({ lab }) => "case" in lab && lab.case === caseId).map(({ id }) => id);
