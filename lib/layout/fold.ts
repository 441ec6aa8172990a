import { isGuest, kindsThat } from "../graph/kinds";
import { bySeverity, type Status, worse } from "../graph/model";
import type { ViewEdge, ViewNode } from "../wire/model";

/** Guests drawn before healthy ones fold together. Three nodes and three edges a guest keep the drawing under a thousand elements. */
export const guestLimit = 150;
/** Nodes and edges that may be drawn in all. */
export const elementLimit = 960;

export interface Group {
  readonly id: string;
  readonly status: Status;
  /** Ids of the folded VMs, by name. */
  readonly members: readonly string[];
  /** What the folded guests hang on. */
  readonly anchors: readonly string[];
}

export interface Folded {
  readonly nodes: readonly ViewNode[];
  readonly edges: readonly ViewEdge[];
  readonly groups: readonly Group[];
}

const chainKinds = new Set(kindsThat("folds"));

interface Chain {
  readonly vm: ViewNode;
  /** Nodes that exist for this guest alone: vNICs, TAPs, OVS ports. */
  readonly own: ReadonlySet<string>;
  readonly anchors: readonly string[];
  readonly worst: Status;
}

/** Follows a guest's wires towards the bridge, as far as they are its own. */
function chainOf(
  vm: ViewNode,
  nodes: ReadonlyMap<string, ViewNode>,
  into: ReadonlyMap<string, readonly ViewEdge[]>,
): Chain {
  const own = new Set<string>();
  const anchors = new Set<string>();
  let worst = vm.status;
  const queue = [vm.id];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const edge of into.get(id) ?? []) {
      worst = worse(worst, edge.status);
      const node = nodes.get(edge.from);
      if (!node || own.has(node.id)) continue;
      if (chainKinds.has(node.kind)) {
        own.add(node.id);
        worst = worse(worst, node.status);
        queue.push(node.id);
      } else anchors.add(node.id);
    }
  }
  return { vm, own, anchors: [...anchors].sort(), worst };
}

const natural = new Intl.Collator("en", { numeric: true });

/**
 * Bounds the drawing: with more guests than `limit`, the least interesting ones fold into one group node a bridge and status ("and 112 healthy
 * guests"). Kept are, in this order: `keep` (what is selected or searched), what is not well, what was drawn before, the rest by name.
 * What is folded because it is healthy and then breaks is drawn at once.
 */
export function foldGuests(
  input: { readonly nodes: readonly ViewNode[]; readonly edges: readonly ViewEdge[] },
  options: { readonly limit?: number; readonly keep?: ReadonlySet<string>; readonly drawn?: ReadonlySet<string> } = {},
): Folded {
  const limit = options.limit ?? guestLimit;
  const vms = input.nodes.filter((n) => isGuest(n));
  if (vms.length <= limit && input.nodes.length + input.edges.length <= elementLimit)
    return { nodes: input.nodes, edges: input.edges, groups: [] };

  const nodes = new Map(input.nodes.map((n) => [n.id, n]));
  const into = new Map<string, ViewEdge[]>();
  for (const edge of input.edges) {
    const list = into.get(edge.to);
    if (list) list.push(edge);
    else into.set(edge.to, [edge]);
  }
  const keep = options.keep ?? new Set();
  const drawn = options.drawn ?? new Set();
  const kept = (c: Chain) => keep.has(c.vm.id) || [...c.own].some((id) => keep.has(id));
  const chains = vms
    .map((vm) => chainOf(vm, nodes, into))
    .sort(
      (a, b) =>
        Number(kept(b)) - Number(kept(a)) ||
        bySeverity(a.worst, b.worst) ||
        Number(drawn.has(b.vm.id)) - Number(drawn.has(a.vm.id)) ||
        natural.compare(a.vm.name, b.vm.name) ||
        (a.vm.id < b.vm.id ? -1 : 1),
    );

  const ofGuests = chains.reduce((sum, c) => sum + cost(c), 0);
  // Room for the group nodes and their edges: one a bridge and status in the usual case.
  let budget = elementLimit - 40 - (input.nodes.length + input.edges.length - ofGuests);
  const folded: Chain[] = [];
  chains.forEach((chain, at) => {
    budget -= cost(chain);
    if (at >= limit || budget < 0) folded.push(chain);
  });
  return cutOut(input, folded);
}

/** Elements that a guest adds to the drawing: itself, its own nodes and about one edge for each. */
const cost = (chain: Chain) => 1 + 2 * chain.own.size;

function cutOut(
  input: { readonly nodes: readonly ViewNode[]; readonly edges: readonly ViewEdge[] },
  folded: readonly Chain[],
): Folded {
  const gone = new Set<string>();
  const groups = new Map<string, { status: Status; anchors: readonly string[]; members: ViewNode[] }>();
  for (const chain of folded) {
    gone.add(chain.vm.id);
    for (const id of chain.own) gone.add(id);
    const id = `group/${chain.worst}/${chain.anchors.join("+")}`;
    const group = groups.get(id) ?? { status: chain.worst, anchors: chain.anchors, members: [] };
    groups.set(id, group);
    group.members.push(chain.vm);
  }
  return {
    nodes: input.nodes.filter((n) => !gone.has(n.id)),
    edges: input.edges.filter((e) => !gone.has(e.from) && !gone.has(e.to)),
    groups: [...groups].map(([id, g]) => ({
      id,
      status: g.status,
      anchors: g.anchors,
      members: g.members.sort((a, b) => natural.compare(a.name, b.name)).map((m) => m.id),
    })),
  };
}
