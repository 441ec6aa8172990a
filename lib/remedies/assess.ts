import { touchesOf } from "../changes/change";
import { type Effect, harshness, type Touch } from "../changes/touch";
import { guestKinds, selfKind } from "../graph/kinds";
import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { Plan, RemedyContext } from "./define";
import { guestsBehind } from "./guests";
import type { Management } from "./management";
import { type Settling, settlingOf } from "./settle";
import { nodesOf } from "./touched";

/** low: nothing that works now is interrupted. medium: guests that work now notice. high: we or they may be cut off. */
export type Risk = "low" | "medium" | "high";

/** What follows from a plan and the graph. Nobody fills it in. */
export interface Assessed {
  /** Ids of all nodes that the plan touches. */
  readonly touches: readonly string[];
  /** Vm ids whose traffic may change, nearest first. */
  readonly affects: readonly string[];
  /** Those of them that are to be asked before and after. */
  readonly probe: readonly string[];
  readonly risk: Risk;
  /**
   * Whether the plan can cut the way by which we reach the host. `unknown`: that way could not be told, and what is touched may be on it; treated as
   * `at-risk`.
   */
  readonly management: "clear" | "at-risk" | "unknown";
  readonly settling: Settling;
}

interface Touched {
  readonly node: GraphNode;
  readonly effect: Effect;
}

const interrupts = (effect: Effect): boolean => harshness(effect) >= harshness("blinks");

/** Whether a change would interrupt an interface that the graph does not have: whose it is cannot be told then. */
const isLost = ({ what, effect }: Touch): boolean => interrupts(effect) && ("device" in what || "ovs" in what);

/** Works out what a plan does to the host's guests and to our own way to it. O(nodes + edges) for each thing touched. */
export function assess(plan: Plan, context: RemedyContext, management: Management): Assessed {
  const { graph, finding } = context;
  const touches = [...plan.steps.flatMap(({ change }) => touchesOf(change)), ...(plan.touches ?? [])];
  const found = touches.map((touch) => ({ touch, nodes: nodesOf(graph, touch.what) }));
  const touched = found.flatMap(({ touch, nodes }) => nodes.map((node): Touched => ({ node, effect: touch.effect })));
  const lost = found.some(({ touch, nodes }) => nodes.length === 0 && isLost(touch));
  const way = wayAtRisk(touched, lost, management);
  const cut = new Set(finding.impacts);
  const live = (part: readonly Touched[]) =>
    part.flatMap((one) => behind(graph, one, "present")).filter((vm) => !cut.has(vm));
  const hard = touched.filter(({ effect }) => interrupts(effect));
  const cutOff = live(hard.filter(({ effect }) => effect === "cuts")).length > 0;
  const noticed = lost || live(hard).length > 0 || hard.some(({ node }) => node.kind === selfKind);
  const affects = nearest(touched.map((one) => behind(graph, one)));
  const started = new Set(
    touched.filter(({ effect }) => effect === "starts").flatMap(({ node }) => guestsBehind(graph, node.id)),
  );
  return {
    touches: [...new Set(touched.map(({ node }) => node.id))],
    affects,
    probe: affects.filter((vm) => !started.has(vm)),
    risk: way !== "clear" || cutOff ? "high" : noticed ? "medium" : "low",
    management: way,
    settling: settlingOf(
      plan.steps.map(({ change }) => change.kind),
      touched.map(({ node, effect }) => ({ node, changed: effect !== "joins" })),
      context,
      way === "clear",
    ),
  };
}

/** Guests whose traffic an effect at a node can change. At the host as a whole: all of them, where it interrupts, else none. */
function behind(graph: GraphView, { node, effect }: Touched, only?: "present"): string[] {
  if (effect === "joins") return [];
  if (node.kind === selfKind)
    return interrupts(effect) ? guestKinds.flatMap((kind) => graph.ofKind(kind)).map((vm) => vm.id) : [];
  return guestsBehind(graph, node.id, only);
}

function wayAtRisk(touched: readonly Touched[], lost: boolean, { nodes, known }: Management): Assessed["management"] {
  const hit = touched.some(({ node, effect }) => interrupts(effect) && (node.kind === selfKind || nodes.has(node.id)));
  if (hit) return known ? "at-risk" : "unknown";
  return lost ? "unknown" : "clear";
}

/** Each once, in the order in which they come first in any of the lists. */
const nearest = (lists: readonly (readonly string[])[]): string[] => {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const inTurn = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? []));
  return [...new Set(inTurn.flat())];
};
