import type { GraphNode } from "../graph/model";
import type { Wording } from "../wording";
import type { Plan, RemedyContext, Step } from "./define";
import { guestsBehind, onManagementPath } from "./guests";

/** A change of one thing on a node of the host's own namespace that interrupts nothing: what most remedies of bridges and bonds are. */
export function onePlan(
  context: RemedyContext,
  node: GraphNode,
  step: Step,
  settle: { readonly ms: number; readonly because: string } = { ms: 2_000, because: "2 s for the first ARP exchange" },
  blinks: Wording = { en: "Nothing that passes now is interrupted.", zh: "当前正常的流量不会中断。" },
): Plan {
  const guests = guestsBehind(context.graph, node.id);
  return {
    steps: [step],
    affects: guests,
    blinks,
    risk: onManagementPath(context.graph, node.id, context.managementAddress) ? "management" : "low",
    settleMs: settle.ms,
    settleBecause: settle.because,
    probe: guests,
  };
}

/** The subject of the finding where it is a node of the host's own network namespace. */
export function ownNode({ finding, graph }: RemedyContext): GraphNode | { readonly refused: string } {
  const node = graph.node(finding.subject);
  if (!node) return { refused: `${finding.subject} is no longer there` };
  if (node.remembered) return { refused: `${node.name} is only remembered, it is not on the host now` };
  if (typeof node.attributes.netns === "string") return { refused: `${node.name} lies in another network namespace` };
  return node;
}
