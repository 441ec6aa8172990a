import fc from "fast-check";
import { expect, it } from "vitest";
import { graphMemo } from "@/lib/graph/memo";
import { type EdgeKind, edgeId, type GraphEdge, type GraphNode, type NodeKind } from "@/lib/graph/model";
import { reachable } from "@/lib/graph/reach";
import { segmentOf } from "@/lib/graph/segments";
import { type GraphView, viewOf } from "@/lib/graph/view";
import type { ProbeId } from "@/lib/probes/registry";
import { Deps, Reader } from "./deps";
import { Touched } from "./touched";

/** Ids without the kind in them: a thing that comes back as another kind is the hard case. */
const names = ["a", "b", "c", "d", "e"] as const;
const nodeKinds = ["nic", "bridge", "tap", "veth", "vm"] as const satisfies readonly NodeKind[];
const edgeKinds = ["uplink", "bridge-port", "gateway"] as const satisfies readonly EdgeKind[];
const id = (name: string): string => `h/x/${name}`;

interface Spec {
  readonly nodes: readonly { name: string; kind: NodeKind; mtu: number; playsNic: boolean }[];
  readonly edges: readonly { kind: EdgeKind; from: string; to: string; present: boolean }[];
}

const spec: fc.Arbitrary<Spec> = fc.record({
  nodes: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      kind: fc.constantFrom(...nodeKinds),
      mtu: fc.constantFrom(1400, 1500),
      playsNic: fc.boolean(),
    }),
    { selector: (node) => node.name },
  ),
  edges: fc.array(
    fc.record({
      kind: fc.constantFrom(...edgeKinds),
      from: fc.constantFrom(...names),
      to: fc.constantFrom(...names),
      present: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
});

/** Few things differ between one reading and the next: what is not edited stays the same object. */
function graphOf({ nodes, edges }: Spec, before?: GraphView): GraphView {
  const same = <T>(old: T | undefined, now: T): T =>
    old !== undefined && JSON.stringify(old) === JSON.stringify(now) ? old : now;
  const made = new Map<string, GraphNode>();
  for (const { name, kind, mtu, playsNic } of nodes) {
    const node = { id: id(name), host: "h", kind, name, attributes: { mtu, ...(playsNic ? { playsNic } : {}) } };
    made.set(node.id, same(before?.nodes.get(node.id), node));
  }
  const joined = new Map<string, GraphEdge>();
  for (const { kind, from, to, present } of edges) {
    if (!made.has(id(from)) || !made.has(id(to))) continue;
    const edge = { id: edgeId(kind, id(from), id(to)), host: "h", kind, from: id(from), to: id(to), present };
    joined.set(edge.id, same(before?.edges.get(edge.id), edge));
  }
  return viewOf({ nodes: made, edges: joined });
}

const wires = graphMemo(
  (graph: GraphView, start) => [...reachable(graph, [start])].filter((at) => graph.shape(at)?.isWire).length,
);
const mtus = graphMemo((graph: GraphView) =>
  graph.ofKind("tap").reduce((sum, node) => sum + Number(node.attributes.mtu), 0),
);

/** Everything that a check can look at. */
const looks: Record<string, (graph: GraphView, name: string) => unknown> = {
  node: (graph, name) => graph.node(id(name)),
  shape: (graph, name) => graph.shape(id(name)),
  edge: (graph, name) => graph.edge(edgeId("uplink", id(name), id("b"))),
  "towards the wire": (graph, name) => graph.towardsWire(id(name)),
  "towards the guest": (graph, name) => graph.towardsGuest(id(name)).map((edge) => graph.shape(edge.to)?.kind),
  "of a kind": (graph) => graph.ofKind("tap").map((node) => node.attributes.mtu),
  "edges of a kind": (graph) => graph.edgesOfKind("bridge-port"),
  "all nodes": (graph) => [...graph.nodes.values()],
  "all edges": (graph) => [...graph.edges.keys()],
  reachable: (graph, name) => [...reachable(graph, [id(name)])].sort(),
  segment: (graph, name) => [...segmentOf(graph, id(name))].sort(),
  "what is kept": (graph, name) => wires(graph, id(name)),
  "what is kept of all": (graph) => mtus(graph),
};

it("whoever comes to another result has read something that changed", () => {
  fc.assert(
    fc.property(
      fc.array(spec, { minLength: 2, maxLength: 5 }),
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(looks)), fc.constantFrom(...names)), {
        minLength: 1,
        maxLength: 8,
      }),
      (specs, asked) => {
        const deps = new Deps();
        let graph = graphOf(specs[0] ?? { nodes: [], edges: [] });
        const readers = asked.map(([look, name]) => {
          const reader = new Reader();
          const read = (from: GraphView): string => {
            reader.begin();
            return JSON.stringify(looks[look]?.(deps.view(from, reader), name)) ?? "";
          };
          return { reader, read, look, name, result: read(graph) };
        });
        for (const next of specs.slice(1)) {
          const before = graph;
          graph = graphOf(next, before);
          const dirty = deps.readersOf(new Touched(before, graph, []), graph);
          for (const one of readers) {
            const now = JSON.stringify(looks[one.look]?.(graph, one.name)) ?? "";
            if (now !== one.result)
              expect([one.look, one.name, dirty.has(one.reader)]).toEqual([one.look, one.name, true]);
            if (dirty.has(one.reader)) one.result = one.read(graph);
            expect(one.result).toBe(now);
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});

it("who only follows the ways is not asked again for an MTU, and is for what plays a NIC", () => {
  const deps = new Deps();
  const [way, whole] = [new Reader(), new Reader()];
  const made = (mtu: number, playsNic: boolean, before?: GraphView) =>
    graphOf(
      {
        nodes: [
          { name: "a", kind: "bridge", mtu: 1500, playsNic: false },
          { name: "b", kind: "veth", mtu, playsNic },
        ],
        edges: [{ kind: "bridge-port", from: "a", to: "b", present: true }],
      },
      before,
    );
  const first = made(1500, false);
  reachable(deps.view(first, way), [id("a")]);
  deps.view(first, whole).node(id("b"));
  const narrow = made(1400, false, first);
  expect([...deps.readersOf(new Touched(first, narrow, []), narrow)]).toEqual([whole]);
  const wire = made(1400, true, narrow);
  expect(new Set(deps.readersOf(new Touched(narrow, wire, []), wire))).toEqual(new Set([way, whole]));
});

it("who has read an entry of one list is asked again for that entry, and for none of that name in another list", () => {
  const deps = new Deps();
  const [entry, whole, elsewhere] = [new Reader(), new Reader(), new Reader()];
  entry.note(deps.entry("ip-link", "br0"));
  whole.note(deps.entries("ip-link"));
  elsewhere.note(deps.entry("ip-addr", "br0"));
  const graph = graphOf({ nodes: [], edges: [] });
  const dirty = (probe: ProbeId, ...names: string[]) =>
    deps.readersOf(new Touched(graph, graph, [{ probe, names: new Set(names) }]), graph);
  expect(dirty("ip-link", "br0")).toEqual(new Set([whole, entry]));
  expect(dirty("ip-link", "br1")).toEqual(new Set([whole]));
  expect(dirty("ip-addr", "br0")).toEqual(new Set([elsewhere]));
});
