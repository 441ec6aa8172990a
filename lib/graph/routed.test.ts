import { describe, expect, it } from "vitest";
import {
  addLinks,
  bondHost,
  bridge,
  domain,
  edit,
  enslaved,
  factsOf,
  macOf,
  natHost,
  nic,
  stateOf,
  tap,
} from "../checks/testing";
import type { Facts } from "../facts/facts";
import type { Route } from "../probes/ip-route";
import type { Rule } from "../probes/ip-rule";
import { buildGraph } from "./builder";
import type { HostMemory } from "./pass";
import { passes } from "./passes/registry";
import { reachable, routedEdges } from "./reach";
import { viewOf } from "./view";

function ways(facts: Facts, memory: HostMemory = {}) {
  const built = buildGraph("h", facts, JSON.parse(JSON.stringify(memory)), passes);
  expect([...built.failed]).toEqual([]);
  const edges = routedEdges(viewOf(built.graph)).map(({ id, present, attributes }) => ({
    way: id.slice("h/routed/".length),
    present,
    ...attributes,
  }));
  return { edges, memory: built.memory };
}

const usual = [{ way: "nic/eth0--bridge/virbr0", present: true, mode: "nat", gateways: ["192.0.2.1"] }];
const withRoutes = (facts: Facts, change: (routes: Route[]) => Route[]) => edit(facts, "ip-route", change);
const noDefault = (facts: Facts) => withRoutes(facts, (all) => all.filter((one) => one.dst !== "default"));
const sysctl = (forward: 0 | 1) => factsOf({ sysctl: { values: { "net.ipv4.ip_forward": forward }, interfaces: [] } });
const route = (dev: string, more: Partial<Route> = {}): Route => ({ family: "inet", dst: "default", dev, ...more });
const rule = (priority: number, more: Partial<Rule>): Rule => ({ family: "inet", priority, src: "all", ...more });
const standard = [rule(0, { table: "local" }), rule(32766, { table: "main" }), rule(32767, { table: "default" })];
const network = (change: (one: { forward?: { mode: string; dev?: string; interfaces: string[] } }) => object) =>
  edit(natHost(), "libvirt-networks", (all) => all.map((one) => ({ ...one, ...change(one) })));

describe("routed ways", () => {
  it("lead a NAT network over the host's default route, and are no wires", () => {
    expect(ways(natHost()).edges).toEqual(usual);
    const view = viewOf(buildGraph("h", natHost(), {}, passes).graph);
    expect(view.towardsGuest("h/nic/eth0")).toEqual([]);
    expect(reachable(view, ["h/bridge/virbr0"]).has("h/nic/eth0")).toBe(false);
    expect(reachable(view, ["h/bridge/virbr0"], undefined, "outwards").has("h/nic/eth0")).toBe(true);
    expect(reachable(view, ["h/nic/eth0"], undefined, "inwards").has("h/vm/nat-1")).toBe(true);
    expect(reachable(view, ["h/nic/eth0"], undefined, "outwards").has("h/vm/nat-1")).toBe(false);
  });

  it("need a guest: an idle network draws no line", () => {
    expect(ways(natHost(0)).edges).toEqual([]);
    expect(ways(bondHost()).edges).toEqual([]);
  });

  it("are not there where libvirt isolates or bridges the network, or it is not active", () => {
    expect(ways(network(() => ({ forward: undefined }))).edges).toEqual([]);
    expect(ways(network(() => ({ forward: { mode: "bridge", interfaces: [] } }))).edges).toEqual([]);
    expect(ways(network(() => ({ active: false }))).edges).toEqual([]);
  });

  it("leave by the interface that libvirt names, wherever routes lead", () => {
    const facts = addLinks(
      network(() => ({ forward: { mode: "nat", dev: "eth9", interfaces: ["eth9"] } })),
      nic(9, "eth9"),
    );
    expect(ways(facts).edges).toEqual([{ way: "nic/eth9--bridge/virbr0", present: true, mode: "nat" }]);
  });

  it("are several where several default routes or next hops are", () => {
    const two = addLinks(natHost(), nic(9, "eth9"));
    const metric = withRoutes(two, (all) => [...all, route("eth9", { gateway: "198.51.100.1", metric: 600 })]);
    expect(ways(metric).edges.map(({ way }) => way)).toEqual(["nic/eth0--bridge/virbr0", "nic/eth9--bridge/virbr0"]);
    const hops = withRoutes(two, (all) => [
      ...all.filter((one) => one.dst !== "default"),
      { family: "inet", dst: "default", nexthops: [{ dev: "eth0", gateway: "192.0.2.1" }, { dev: "eth9" }] },
    ]);
    expect(ways(hops).edges.map(({ way }) => way)).toEqual(["nic/eth0--bridge/virbr0", "nic/eth9--bridge/virbr0"]);
  });

  it("follow the rules by source and incoming interface, and not those for the host's own packets or another table", () => {
    const two = withRoutes(addLinks(natHost(), nic(9, "eth9")), (all) => [...all, route("eth9", { table: "100" })]);
    const by = (more: Partial<Rule>) =>
      ways({ ...two, ...factsOf({ "ip-rule": [...standard, rule(100, { table: "100", ...more })] }) }).edges.map(
        ({ way }) => way,
      );
    const [main, other] = ["nic/eth0--bridge/virbr0", "nic/eth9--bridge/virbr0"];
    expect(by({ src: "192.168.122.0", srclen: 24 })).toEqual([other]);
    expect(by({ iif: "virbr0" })).toEqual([other]);
    expect(by({ src: "10.0.0.0", srclen: 8 })).toEqual([main]);
    expect(by({ iif: "eth0" })).toEqual([main]);
    expect(by({ oif: "eth9" })).toEqual([main]);
    expect(by({ suppress_prefixlen: 0 })).toEqual([main]);
    // By a mark: nobody knows. Either may carry.
    expect(by({ fwmark: "0x1" })).toEqual([other, main]);
    expect(by({ src: "192.168.122.64", srclen: 26 })).toEqual([other, main]);
    expect(by({ not: null, iif: "lo" })).toEqual([other, main]);
  });

  it("take routes over a gateway where no default route is", () => {
    const facts = withRoutes(noDefault(natHost()), (all) => [
      ...all,
      route("eth0", { dst: "10.0.0.0/8", gateway: "192.0.2.9" }),
    ]);
    expect(ways(facts).edges).toMatchObject([
      { way: "nic/eth0--bridge/virbr0", present: true, gateways: ["192.0.2.9"] },
    ]);
  });

  it("that are gone stay as lost until another takes their place; a host that never had one has none", () => {
    expect(ways(noDefault(natHost())).edges).toEqual([]);
    const first = ways(natHost());
    const gone = ways(noDefault(natHost()), first.memory);
    const lost = [{ way: "nic/eth0--bridge/virbr0", present: false, mode: "nat", lost: "route" }];
    expect(gone.edges).toEqual(lost);
    expect(ways(noDefault(natHost()), gone.memory).edges).toEqual(lost);
    const other = withRoutes(addLinks(noDefault(natHost()), nic(9, "eth9")), (all) => [...all, route("eth9")]);
    expect(ways(other, gone.memory).edges).toMatchObject([{ way: "nic/eth9--bridge/virbr0", present: true }]);
  });

  it("are lost where the kernel forwards nothing", () => {
    expect(ways({ ...natHost(), ...sysctl(0) }).edges).toMatchObject([{ present: false, lost: "forwarding" }]);
    expect(ways({ ...natHost(), ...sysctl(1) }).edges).toEqual(usual);
  });

  it("are there for a bridge by hand that has an address and no uplink, while the host forwards", () => {
    const { "libvirt-networks": _n, ...byHand } = natHost();
    expect(ways({ ...byHand, ...sysctl(1) }).edges).toMatchObject([{ way: "nic/eth0--bridge/virbr0", present: true }]);
    expect(ways({ ...byHand, ...sysctl(0) }).edges).toEqual([]);
    const unaddressed = edit(byHand, "ip-addr", (all) =>
      all.map((one) => (one.ifname === "virbr0" ? { ...one, addr_info: [] } : one)),
    );
    expect(ways({ ...unaddressed, ...sysctl(1) }).edges).toEqual([]);
  });

  it("of IPv6 carry beside those of IPv4", () => {
    const six = (facts: Facts) =>
      edit(facts, "ip-addr", (all) =>
        all.map((one) =>
          one.ifname === "virbr0"
            ? {
                ...one,
                addr_info: [
                  ...one.addr_info,
                  { family: "inet6" as const, local: "2001:db8::1", prefixlen: 64, scope: "global" },
                ],
              }
            : one,
        ),
      );
    const both = withRoutes(six(natHost()), (all) => [...all, route("eth0", { family: "inet6", gateway: "fe80::1" })]);
    const first = ways(both);
    expect(first.edges).toMatchObject([{ present: true, gateways: ["192.0.2.1", "fe80::1"] }]);
    const onlySix = withRoutes(both, (all) => all.filter((one) => one.family === "inet6" || one.dst !== "default"));
    expect(ways(onlySix, first.memory).edges).toMatchObject([{ present: true, gateways: ["fe80::1"] }]);
  });

  it("lead out by a bridge as by a NIC", () => {
    const guest = domain(3, "web-03", { network: "default", target: "vnet2" });
    const facts = edit(
      edit(addLinks(bondHost(), enslaved(tap(20, "vnet2", macOf(3)), "virbr0")), "libvirt-domains", (all) => [
        ...all,
        guest,
      ]),
      "libvirt-state",
      (all) => [...all, stateOf(guest)],
    );
    expect(ways(facts).edges).toMatchObject([{ way: "bridge/br0--bridge/virbr0", mode: "nat" }]);
    expect(ways(addLinks(facts, bridge(30, "br9"))).edges).toHaveLength(1);
  });
});
