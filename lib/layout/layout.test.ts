import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Status } from "../graph/model";
import type { ViewEdge, ViewNode } from "../wire/model";
import { elementLimit, foldGuests } from "./fold";
import { type PlaceNode, place, rowStep, spread } from "./place";
import { routes } from "./tracks";

const node = (kind: ViewNode["kind"], name: string, status: Status = "ok"): ViewNode => ({
  id: `h/${kind}/${name}`,
  host: "h",
  kind,
  name,
  attributes: {},
  status,
});
const edge = (kind: ViewEdge["kind"], from: ViewNode, to: ViewNode, status: Status = "ok"): ViewEdge => ({
  id: `h/${kind}/${from.id}--${to.id}`,
  host: "h",
  kind,
  from: from.id,
  to: to.id,
  present: true,
  status,
});

function hypervisor(guests: number, statusOf: (i: number) => Status = () => "ok") {
  const nic0 = node("nic", "eth0");
  const nic1 = node("nic", "eth1");
  const bond = node("bond", "bond0");
  const bridge = node("bridge", "br0");
  const nodes = [nic0, nic1, bond, bridge];
  const edges = [edge("bond-member", nic0, bond), edge("bond-member", nic1, bond), edge("uplink", bond, bridge)];
  for (let i = 0; i < guests; i++) {
    const tap = node("tap", `vnet${i}`);
    const vnic = node("vnic", `52:54:00:00:00:${i}`);
    const vm = node("vm", `web-${i}`, statusOf(i));
    nodes.push(tap, vnic, vm);
    edges.push(edge("bridge-port", bridge, tap), edge("tap-vnic", tap, vnic), edge("vnic-vm", vnic, vm));
  }
  return { nodes, edges };
}

describe("place", () => {
  it("keeps the order of the lanes and leaves empty ones out", () => {
    const { nodes, edges } = hypervisor(3);
    const layout = place(nodes, edges);
    expect(layout.columns.map((c) => c.lane)).toEqual(["nic", "bond", "bridge", "tap", "vnic", "vm"]);
    const xs = layout.columns.map((c) => c.x);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
  });

  it("draws a guest on one straight row", () => {
    const { nodes, edges } = hypervisor(6);
    const { at } = place(nodes, edges);
    for (let i = 0; i < 6; i++)
      expect(at.get(`h/tap/vnet${i}`)?.y).toBeCloseTo(at.get(`h/vm/web-${i}`)?.y ?? Number.NaN);
  });

  it("bends at most one other guest's wire for one with two NICs", () => {
    const { nodes, edges } = hypervisor(10);
    const second = node("bridge", "br1");
    const tap = node("tap", "vnet10");
    const vnic = node("vnic", "52:54:00:00:01:05");
    const web5 = nodes.find((n) => n.name === "web-5");
    if (!web5) throw new Error("no web-5");
    nodes.push(second, tap, vnic);
    edges.push(edge("bridge-port", second, tap), edge("tap-vnic", tap, vnic), edge("vnic-vm", vnic, web5));
    const { at } = place(nodes, edges);
    const level = (i: number) =>
      Math.abs((at.get(`h/vnic/52:54:00:00:00:${i}`)?.y ?? 0) - (at.get(`h/vm/web-${i}`)?.y ?? 1)) < 1;
    expect(Array.from({ length: 10 }, (_, i) => i).filter((i) => !level(i) && i !== 5).length).toBeLessThan(2);
  });

  it("orders guests by name and draws each on one row, even beside a group", () => {
    const graph = hypervisor(12);
    const group: PlaceNode = { id: "group", kind: "group", name: "\u{ffff}" };
    const bent = { id: "g", kind: "bridge-port" as const, from: "h/bridge/br0", to: "group" };
    const { at } = place([...graph.nodes, group], [...graph.edges, bent]);
    const y = (id: string) => at.get(id)?.y ?? Number.NaN;
    for (let i = 0; i < 12; i++) {
      expect(Math.abs(y(`h/tap/vnet${i}`) - y(`h/vm/web-${i}`))).toBeLessThan(2);
      if (i > 0) expect(y(`h/vm/web-${i}`)).toBeGreaterThan(y(`h/vm/web-${i - 1}`));
    }
    expect(y("group")).toBeGreaterThan(y("h/vm/web-11"));
  });

  it("keeps rows free along which wires pass through a lane", () => {
    const h = hypervisor(4);
    const gateway = node("gateway", "192.0.2.1");
    const spare = ["eth7", "eth8", "eth9"].map((name) => node("nic", name));
    const bridge = h.nodes.find((n) => n.kind === "bridge") as ViewNode;
    const { at } = place([...h.nodes, gateway, ...spare], [...h.edges, edge("gateway", gateway, bridge)]);
    const row = at.get(bridge.id)?.y ?? Number.NaN;
    for (const n of h.nodes.filter((x) => x.kind === "nic").concat(spare))
      expect(Math.abs((at.get(n.id)?.y ?? Number.NaN) - row), n.name).toBeGreaterThan(rowStep / 2);
  });

  it("puts a VLAN of a bridge behind it, and one that carries a bridge before it", () => {
    const [nic, bridge, under, over] = [
      node("nic", "eth0"),
      node("bridge", "br0"),
      node("vlan", "eth0.5"),
      node("vlan", "br0.9"),
    ];
    const { at } = place(
      [nic, bridge, under, over],
      [edge("vlan-parent", nic, under), edge("uplink", under, bridge), edge("vlan-parent", bridge, over)],
    );
    const x = (n: ViewNode) => at.get(n.id)?.x ?? Number.NaN;
    expect(x(under)).toBeLessThan(x(bridge));
    expect(x(over)).toBeGreaterThan(x(bridge));
  });

  it("never moves what stays, and never lays one node on another", () => {
    const arbitrary = fc.record({
      first: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 25 }),
      second: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 25 }),
    });
    const all = hypervisor(41);
    const only = (guests: readonly number[]) => {
      const names = new Set(guests.flatMap((i) => [`h/tap/vnet${i}`, `h/vnic/52:54:00:00:00:${i}`, `h/vm/web-${i}`]));
      const nodes = all.nodes.filter((n) => !["tap", "vnic", "vm"].includes(n.kind) || names.has(n.id));
      const ids = new Set(nodes.map((n) => n.id));
      return { nodes, edges: all.edges.filter((e) => ids.has(e.from) && ids.has(e.to)) };
    };
    fc.assert(
      fc.property(arbitrary, ({ first, second }) => {
        const one = only(first);
        const two = only(second);
        const before = place(one.nodes, one.edges);
        const after = place(two.nodes, two.edges, before);
        for (const n of two.nodes) {
          const was = before.at.get(n.id);
          if (was) expect(after.at.get(n.id)?.y).toBe(was.y);
        }
        const spots = [...after.at.values()];
        for (let i = 0; i < spots.length; i++)
          for (let j = i + 1; j < spots.length; j++) {
            const [a, b] = [spots[i], spots[j]];
            if (a && b && a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThan(rowStep - 1);
          }
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same picture for the same graph in any order", () => {
    const { nodes, edges } = hypervisor(9);
    const one = place(nodes, edges);
    const two = place([...nodes].reverse(), [...edges].reverse());
    for (const [id, point] of one.at) expect(two.at.get(id)?.y).toBeCloseTo(point.y);
  });
});

describe("spread", () => {
  it("keeps order and distance", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ at: fc.double({ min: -500, max: 500, noNaN: true }), weight: fc.constantFrom(1, 0.001) }),
          { maxLength: 30 },
        ),
        (wishes) => {
          const out = spread(wishes);
          expect(out).toHaveLength(wishes.length);
          for (let i = 1; i < out.length; i++)
            expect((out[i] ?? 0) - (out[i - 1] ?? 0)).toBeGreaterThan(rowStep - 1e-6);
        },
      ),
    );
  });
});

describe("foldGuests", () => {
  it("leaves a small host whole", () => {
    const graph = hypervisor(150);
    expect(foldGuests(graph).groups).toEqual([]);
  });

  it("folds healthy guests, counts them, and stays under its limit", () => {
    const folded = foldGuests(hypervisor(400, (i) => (i === 399 ? "fail" : "ok")));
    expect(folded.groups).toHaveLength(1);
    const vms = folded.nodes.filter((n) => n.kind === "vm");
    expect(vms.length + (folded.groups[0]?.members.length ?? 0)).toBe(400);
    expect(vms.some((n) => n.name === "web-399")).toBe(true);
    expect(folded.nodes.length + folded.edges.length + 2).toBeLessThanOrEqual(elementLimit);
    expect(folded.groups[0]?.anchors).toEqual(["h/bridge/br0"]);
  });

  it("keeps what is selected and what was drawn", () => {
    const graph = hypervisor(300);
    const folded = foldGuests(graph, { keep: new Set(["h/vm/web-299"]), drawn: new Set(["h/vm/web-298"]) });
    const names = folded.nodes.filter((n) => n.kind === "vm").map((n) => n.name);
    expect(names).toContain("web-299");
    expect(names).toContain("web-298");
  });

  it("is bounded even when every guest is impacted", () => {
    const folded = foldGuests(hypervisor(2000, () => "impacted"));
    expect(folded.nodes.length + folded.edges.length).toBeLessThanOrEqual(elementLimit);
    expect(folded.groups[0]?.status).toBe("impacted");
  });
});

describe("routes", () => {
  it("gives hubs that overlap different tracks", () => {
    const nodes: PlaceNode[] = [
      node("bridge", "br0"),
      node("bridge", "br1"),
      node("tap", "a"),
      node("tap", "b"),
      node("tap", "c"),
      node("tap", "d"),
    ];
    const n = (id: string) => nodes.find((x) => x.id === id) as ViewNode;
    const edges = [
      edge("bridge-port", n("h/bridge/br0"), n("h/tap/a")),
      edge("bridge-port", n("h/bridge/br0"), n("h/tap/d")),
      edge("bridge-port", n("h/bridge/br1"), n("h/tap/a")),
      edge("bridge-port", n("h/bridge/br1"), n("h/tap/d")),
    ];
    const layout = place(nodes, edges);
    const found = routes(layout, edges);
    expect(found.size).toBe(4);
    expect(new Set([...found.values()].map((r) => r.turn)).size).toBe(2);
  });
});
