import type { BareFinding } from "../checks/evaluate";
import { isGuest, kindsThat, nodeKind } from "../graph/kinds";
import { type Cuts, carries, isWire, reachable, routedEdges } from "../graph/reach";
import type { GraphView } from "../graph/view";
import { headOf } from "./group";

export interface Impact {
  /** Guests cut off by each problem, by the key of its head; sorted. */
  readonly byHead: ReadonlyMap<string, readonly string[]>;
  /** Everything that would reach the wire if nothing were broken, and does not: nodes. */
  readonly cutOff: ReadonlySet<string>;
}

/**
 * Who loses the way to the wire by which problem. The way: from a guest over carrying edges, expected ones included,
 * to a NIC with carrier; behind NAT or a router, on over the host's route to the interface by which it leaves - or,
 * where its bridge leads nowhere by design (isolated), to that bridge. A guest is impacted by a problem that takes
 * every way: one dead member of a bond impacts nobody. Where only two problems together take every way, the guest
 * stands under each of those that would give it back.
 */
export function impactOf(
  graph: GraphView,
  findings: readonly BareFinding[],
  parents: ReadonlyMap<string, string>,
): Impact {
  const problems = new Map<string, { nodes: Set<string>; edges: Set<string> }>();
  for (const finding of findings) {
    if (finding.status === "unknown" || (!finding.cuts && finding.breaks.length === 0)) continue;
    const head = headOf(finding.key, parents);
    const cuts = problems.get(head) ?? { nodes: new Set(), edges: new Set() };
    if (finding.cuts) cuts.nodes.add(finding.subject);
    for (const edge of finding.breaks) cuts.edges.add(edge);
    problems.set(head, cuts);
  }
  const byHead = new Map<string, readonly string[]>();
  if (problems.size === 0) return { byHead, cutOff: new Set() };

  const all = union(problems.values());
  const idle = idleWires(graph, all);
  const targets = targetsOf(graph, idle, all.nodes);
  const before = served(graph, targets, { nodes: idle, edges: none });
  const after = served(graph, targets, withIdle(all, idle));
  const cutOff = new Set([...before].filter((id) => !after.has(id) && !all.nodes.has(id)));
  const guests = [...cutOff].filter((id) => isGuestIn(graph, id)).sort();
  const attributed = new Set<string>();
  if (guests.length > 0)
    for (const [head, cuts] of problems) {
      const without = served(graph, targets, withIdle(cuts, idle));
      const hit = guests.filter((id) => !without.has(id));
      for (const id of hit) attributed.add(id);
      if (hit.length > 0) byHead.set(head, hit);
    }
  const rest = guests.filter((id) => !attributed.has(id));
  if (rest.length > 0) attributeJointly(graph, problems, rest, targets, idle, byHead);
  return { byHead, cutOff };
}

type Problems = ReadonlyMap<string, { nodes: Set<string>; edges: Set<string> }>;

/**
 * Guests that no problem cuts off alone: under each problem without which they would have a way; where none alone
 * gives it back, under each that is near.
 */
function attributeJointly(
  graph: GraphView,
  problems: Problems,
  guests: readonly string[],
  targets: ReadonlySet<string>,
  idle: ReadonlySet<string>,
  byHead: Map<string, readonly string[]>,
): void {
  const left = new Set(guests);
  const add = (head: string, ids: readonly string[]) =>
    byHead.set(head, [...new Set([...(byHead.get(head) ?? []), ...ids])].sort());
  for (const head of problems.keys()) {
    const others = union([...problems].filter(([key]) => key !== head).map(([, cuts]) => cuts));
    const reached = served(graph, targets, withIdle(others, idle));
    const back = guests.filter((id) => reached.has(id));
    if (back.length > 0) add(head, back);
    for (const id of back) left.delete(id);
  }
  for (const guest of left) {
    const around = reachable(graph, [guest], undefined, "outwards");
    for (const [head, cuts] of problems) {
      const near =
        [...cuts.nodes].some((id) => around.has(id)) || [...cuts.edges].some((id) => touches(graph, id, around));
      if (near) add(head, [guest]);
    }
  }
}

const none: ReadonlySet<string> = new Set();

/** What the wire serves: over frames, and over the host's routes to the networks behind it. */
const served = (graph: GraphView, starts: Iterable<string>, cuts: Cuts): Set<string> =>
  reachable(graph, starts, cuts, "inwards");

const forwarding = kindsThat("forwards");

const isGuestIn = (graph: GraphView, id: string): boolean => {
  const node = graph.node(id);
  return node !== undefined && isGuest(node);
};

const touches = (graph: GraphView, edge: string, nodes: ReadonlySet<string>): boolean => {
  const found = graph.edge(edge);
  return found !== undefined && carries(found) && (nodes.has(found.from) || nodes.has(found.to));
};

/** NICs that lead nowhere though no finding says so: spare ports without a cable. No way counts over them. */
function idleWires(graph: GraphView, cuts: Cuts): Set<string> {
  const idle = new Set<string>();
  for (const node of graph.nodes.values())
    if (isWire(node) && node.attributes.carrier !== true && !cuts.nodes.has(node.id)) idle.add(node.id);
  return idle;
}

/**
 * Where guests have to get: the wire, and bridges that have no way to it by design. A network that leaves by a bridge
 * without a wire (its uplink was taken out) has to get to that bridge; one that leaves by what no wire is known of (a
 * VPN) to itself. A TAP that is plugged in nowhere and should be (`cut`), nobody knows where, stands for the way that
 * is missing: else who hangs on it would have lost nothing.
 */
function targetsOf(graph: GraphView, idle: ReadonlySet<string>, cut: ReadonlySet<string>): Set<string> {
  const wires = [...graph.nodes.values()].filter((node) => isWire(node) && !idle.has(node.id)).map((node) => node.id);
  const wired = served(graph, wires, { nodes: idle, edges: none });
  const targets = new Set(wires);
  const bridges = forwarding.flatMap((kind) => graph.ofKind(kind)).filter(({ id }) => !wired.has(id));
  const routed = new Set(routedEdges(graph).map((edge) => edge.to));
  for (const { id } of bridges) if (!routed.has(id)) targets.add(id);
  const reached = served(graph, targets, { nodes: idle, edges: none });
  for (const { id } of bridges) if (!reached.has(id)) targets.add(id);
  for (const id of cut) {
    const kind = graph.node(id)?.kind;
    if (kind && nodeKind[kind].servesGuest && !graph.towardsWire(id).some(carries)) targets.add(id);
  }
  return targets;
}

function union(all: Iterable<Cuts>): { nodes: Set<string>; edges: Set<string> } {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  for (const cuts of all) {
    for (const id of cuts.nodes) nodes.add(id);
    for (const id of cuts.edges) edges.add(id);
  }
  return { nodes, edges };
}

const withIdle = (cuts: Cuts, idle: ReadonlySet<string>): Cuts => ({
  nodes: new Set([...cuts.nodes, ...idle]),
  edges: cuts.edges,
});
