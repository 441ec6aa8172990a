import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BareFinding } from "../checks/evaluate";
import { type EdgeKind, edgeId, type GraphEdge, type GraphNode, type NodeKind } from "../graph/model";
import { reachable, routedEdges } from "../graph/reach";
import { viewOf } from "../graph/view";
import { assess } from "./assess";
import type { CauseRule } from "./define";
import { rule as offSubnet } from "./off-subnet-meets-nat-rules";
import { rule as drowns } from "./storm-drowns-guests";

const ofKind = (id: string): NodeKind => (id.split("/")[1] ?? "other-link") as NodeKind;

function graphOf(links: readonly [EdgeKind, string, string][]) {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  for (const [kind, from, to] of links) {
    for (const id of [from, to])
      nodes.set(id, {
        id,
        host: "h",
        kind: ofKind(id),
        name: id,
        attributes: ofKind(id) === "nic" ? { carrier: true } : {},
      });
    const id = edgeId(kind, from, to);
    edges.set(id, { id, host: "h", kind, from, to, present: true });
  }
  return viewOf({ nodes, edges });
}

/**
 * Bridges, each with some NICs, directly or through a bond, and some guests; a guest may sit on two bridges. What is
 * routed leaves by earlier bridges.
 */
const topology = fc
  .array(
    fc.record({
      nics: fc.integer({ min: 0, max: 3 }),
      bonded: fc.boolean(),
      guests: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
      routed: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((bridges) =>
    graphOf(
      bridges.flatMap(({ nics, bonded, guests, routed }, at) => {
        const links: [EdgeKind, string, string][] = [];
        const bridge = `h/bridge/br${at}`;
        for (let nic = 0; nic < nics; nic++)
          links.push(
            bonded ? ["bond-member", `h/nic/n${at}${nic}`, `h/bond/b${at}`] : ["uplink", `h/nic/n${at}${nic}`, bridge],
          );
        for (const out of routed) if (out < at) links.push(["routed", `h/bridge/br${out}`, bridge]);
        if (bonded && nics > 0) links.push(["uplink", `h/bond/b${at}`, bridge]);
        for (const [port, guest] of guests.entries()) {
          links.push(["bridge-port", bridge, `h/tap/t${at}${port}`]);
          links.push(["tap-vnic", `h/tap/t${at}${port}`, `h/vnic/v${at}${port}`]);
          links.push(["vnic-vm", `h/vnic/v${at}${port}`, `h/vm/g${guest}`]);
        }
        return links;
      }),
    ),
  );

const bare = (subject: string, check: string, more: Partial<BareFinding>): BareFinding => ({
  key: `${check}@${subject}`,
  check,
  layer: "physical",
  status: "fail",
  host: "h",
  subject,
  message: "",
  params: {},
  evidence: [],
  breaks: [],
  cuts: false,
  alsoOn: [],
  ...more,
});

/** A graph and faults on any of its nodes and edges, and rules that link them every which way, in circles too. */
const situation = topology.chain((graph) =>
  fc.record({
    graph: fc.constant(graph),
    findings: fc.uniqueArray(
      fc
        .tuple(
          fc.constantFrom<string>(...graph.nodes.keys(), "h/host/self"),
          fc.constantFrom("x", "y", "z"),
          fc.boolean(),
          fc.subarray([...graph.edges.keys()], { maxLength: Math.min(2, graph.edges.size) }),
          fc.constantFrom("fail" as const, "warn" as const, "unknown" as const),
        )
        .map(([subject, check, cuts, breaks, status]) => bare(subject, check, { cuts, breaks, status })),
      { selector: (finding) => finding.key, maxLength: 6 },
    ),
    rules: fc.array(
      fc
        .record({
          cause: fc.subarray<string>(["x", "y", "z"]),
          effect: fc.subarray<string>(["x", "y", "z"]),
          joint: fc.boolean(),
        })
        .map((rule): CauseRule => ({ id: "r", ...rule, lab: { none: "made up" }, links: () => true })),
      { maxLength: 4 },
    ),
  }),
);

describe("causes", () => {
  it("hold for any topology, faults and rules", () => {
    fc.assert(
      fc.property(situation, ({ graph, findings, rules }) => {
        const { explained, status } = assess(graph, findings, rules);
        const headed = new Set<string>();
        for (const finding of findings) {
          const own = explained.get(finding.key);
          expect(own).toBeDefined();
          // No finding is its own ancestor, and each chain ends in a head that exists.
          const seen = new Set<string>();
          for (let key: string | undefined = finding.key; key !== undefined; key = explained.get(key)?.cause) {
            expect(seen.has(key)).toBe(false);
            expect(explained.has(key)).toBe(true);
            seen.add(key);
          }
          // Only heads have impacts; what could not be judged explains nothing and cuts nobody off.
          if (own?.cause !== undefined || finding.status === "unknown") expect(own?.impacts).toEqual([]);
          for (const vm of own?.impacts ?? []) {
            expect(graph.node(vm)?.kind).toBe("vm");
            headed.add(vm);
          }
          if (graph.nodes.has(finding.subject) && finding.status === "fail")
            expect(status.get(finding.subject)).toBe("fail");
        }
        // Each guest that reached a wire, or a bridge without one, and now does not, stands under a head - and nobody
        // else does.
        const real = findings.filter((finding) => finding.status !== "unknown");
        const cuts = {
          nodes: new Set(real.filter((finding) => finding.cuts).map((finding) => finding.subject)),
          edges: new Set(real.flatMap((finding) => finding.breaks)),
        };
        // Looked at from the guest's end: where its packets get to.
        const nics = graph.ofKind("nic").map((node) => node.id);
        const gets = (from: string, to: ReadonlySet<string>, without?: typeof cuts) =>
          [...reachable(graph, [from], without, "outwards")].some((id) => to.has(id));
        const dry = graph
          .ofKind("bridge")
          .map(({ id }) => id)
          .filter((id) => !gets(id, new Set(nics)));
        const targets = new Set([...nics, ...dry.filter((id) => !routedEdges(graph).some((edge) => edge.to === id))]);
        const stranded = dry.filter((id) => !gets(id, targets));
        for (const id of stranded) targets.add(id);
        for (const vm of graph.ofKind("vm")) {
          const cutOff = !gets(vm.id, targets, cuts) && !cuts.nodes.has(vm.id);
          expect([vm.id, headed.has(vm.id)]).toEqual([vm.id, cutOff]);
          if (cutOff) expect(["impacted", "fail"]).toContain(status.get(vm.id));
        }
      }),
      { numRuns: 400 },
    );
  });

  it("respects redundancy: of two NICs, either one alone impacts nobody, both together impact everybody", () => {
    const graph = graphOf([
      ["uplink", "h/nic/a", "h/bridge/br"],
      ["uplink", "h/nic/b", "h/bridge/br"],
      ["bridge-port", "h/bridge/br", "h/tap/t"],
      ["tap-vnic", "h/tap/t", "h/vnic/v"],
      ["vnic-vm", "h/vnic/v", "h/vm/g"],
    ]);
    const a = bare("h/nic/a", "x", { cuts: true });
    const b = bare("h/nic/b", "x", { cuts: true });
    expect(assess(graph, [a], []).explained.get(a.key)?.impacts).toEqual([]);
    const both = assess(graph, [a, b], []).explained;
    expect([both.get(a.key)?.impacts, both.get(b.key)?.impacts]).toEqual([["h/vm/g"], ["h/vm/g"]]);
  });

  it("counts guests behind NAT when their way out is dead, unless another carries; what is routed joins no bridges", () => {
    const guest = (bridge: string, name: string): [EdgeKind, string, string][] => [
      ["bridge-port", `h/bridge/${bridge}`, `h/tap/${name}`],
      ["tap-vnic", `h/tap/${name}`, `h/vnic/${name}`],
      ["vnic-vm", `h/vnic/${name}`, `h/vm/${name}`],
    ];
    const one: [EdgeKind, string, string][] = [
      ["uplink", "h/nic/a", "h/bridge/br"],
      ["routed", "h/bridge/br", "h/bridge/nat"],
      ...guest("br", "bridged"),
      ...guest("nat", "behind"),
    ];
    const two: typeof one = [...one, ["uplink", "h/nic/b", "h/bridge/br2"], ["routed", "h/bridge/br2", "h/bridge/nat"]];
    const impacts = (links: typeof one, ...findings: BareFinding[]) => {
      const { explained, status } = assess(graphOf(links), findings, []);
      return { of: findings.map(({ key }) => explained.get(key)?.impacts), status };
    };
    const dead = (nic: string) => bare(`h/nic/${nic}`, "x", { cuts: true });
    const alone = impacts(one, dead("a"));
    expect(alone.of).toEqual([["h/vm/behind", "h/vm/bridged"]]);
    expect(alone.status.get("h/routed/bridge/br--bridge/nat")).toBe("impacted");
    expect(alone.status.get("h/bridge/nat")).toBe("impacted");
    expect(impacts(two, dead("a")).of).toEqual([["h/vm/bridged"]]);
    expect(impacts(two, dead("a"), dead("b")).of).toEqual([["h/vm/behind", "h/vm/bridged"], ["h/vm/behind"]]);
    // The uplink was taken out of its bridge: the way leads to the bridge, and no further.
    const loose = one.filter(([kind]) => kind !== "uplink");
    expect(impacts(loose, bare("h/bridge/br", "y", { cuts: true })).of).toEqual([["h/vm/behind", "h/vm/bridged"]]);
    expect(impacts(loose).of).toEqual([]);
  });

  it("counts who hangs on a TAP that is plugged in nowhere, though nobody knows where it should be", () => {
    const graph = graphOf([
      ["uplink", "h/nic/a", "h/bridge/br"],
      ["tap-vnic", "h/tap/loose", "h/vnic/v"],
      ["vnic-vm", "h/vnic/v", "h/vm/g"],
      ["bridge-port", "h/bridge/br", "h/tap/t"],
      ["tap-vnic", "h/tap/t", "h/vnic/w"],
      ["vnic-vm", "h/vnic/w", "h/vm/other"],
    ]);
    const loose = bare("h/tap/loose", "x", { cuts: true });
    const bridge = bare("h/bridge/br", "y", { cuts: true });
    const { explained, status } = assess(graph, [loose, bridge], []);
    expect(explained.get(loose.key)?.impacts).toEqual(["h/vm/g"]);
    expect(explained.get(bridge.key)?.impacts).toEqual(["h/vm/other"]);
    expect(status.get("h/vnic/v")).toBe("impacted");
  });

  it("libvirt's own rules hang under an address of another subnet, a rule that somebody made on the same TAP does not", () => {
    const graph = graphOf([["tap-vnic", "h/tap/t", "h/vnic/v"]]);
    const address = bare("h/vnic/v", "vnic-on-nat", {});
    const causeOf = (params: BareFinding["params"]) => {
      const drops = bare("h/tap/t", "firewall-drops-path", { params });
      return assess(graph, [address, drops], [offSubnet]).explained.get(drops.key)?.cause;
    };
    expect(causeOf({ tool: "iptables", table: "filter", chain: "LIBVIRT_FWO" })).toBe(address.key);
    expect(causeOf({ tool: "nft", table: "libvirt_network", chain: "guest_input" })).toBe(address.key);
    expect(causeOf({ tool: "iptables", table: "filter", chain: "FORWARD" })).toBeUndefined();
  });

  it("guests of a bridge that drop in its storm hang under it, those of another bridge do not", () => {
    const graph = graphOf([
      ["bridge-port", "h/bridge/br", "h/tap/t"],
      ["bridge-port", "h/bridge/other", "h/tap/u"],
    ]);
    const storm = bare("h/bridge/br", "broadcast-storm", {});
    const drops = ["h/tap/t", "h/tap/u"].map((tap) => bare(tap, "tap-tx-drops", {}));
    const { explained } = assess(graph, [storm, ...drops], [drowns]);
    expect(drops.map(({ key }) => explained.get(key)?.cause)).toEqual([storm.key, undefined]);
  });
});
