import { Netns } from "../changes/shapes";
import type { GraphNode } from "../graph/model";
import type { Wording } from "../wording";
import type { Plan, Refused, RemedyContext, Step } from "./define";
import { elsewhere, gone, onlyRemembered, refuse } from "./refusals";

/** What is said of a change that only lets pass what does not pass now. */
export const nothingStops: Wording = { en: "Nothing that passes now is interrupted.", zh: "当前正常的流量不会中断。" };

/** A plan of one step. */
export const oneStep = (step: Step, blinks: Wording = nothingStops): Plan => ({ steps: [step], blinks });

/** The subject of the finding where it is a node of the host's own network namespace. */
export function ownNode({ finding, graph }: RemedyContext): GraphNode | Refused {
  const node = graph.node(finding.subject);
  if (!node) return gone(finding.subject);
  if (node.remembered) return onlyRemembered(node.name);
  return typeof node.attributes.netns === "string" ? elsewhere(node.name) : node;
}

/**
 * The node's own network namespace, as a change names it: nothing for the host's own. Only namespaces with a plain name can be entered by name.
 */
export function netnsOf(node: GraphNode): { readonly netns?: string } | Refused {
  const netns = node.attributes.netns;
  if (netns === undefined || netns === null || netns === "") return {};
  if (typeof netns !== "string" || !Netns.safeParse(netns).success)
    return refuse({
      en: `${node.name} lies in a network namespace that has no plain name`,
      zh: `${node.name} 所在的网络命名空间没有普通名称`,
    });
  return { netns };
}
