import { describe, expect, it } from "vitest";
import { bondHost, edit, factsOf } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import { buildGraph } from "@/lib/graph/builder";
import { passes } from "@/lib/graph/passes/registry";
import { viewOf } from "@/lib/graph/view";
import { type Seen, Twins } from "./twins";

const mac = "52:54:00:5b:00:01";

function seen(name: string, facts: Facts, more: Partial<Seen> = {}): Seen {
  return { name, demo: false, live: true, facts, graph: viewOf(buildGraph(name, facts, {}, passes).graph), ...more };
}

/** Its guests are others', but for a MAC of the first one. */
const twin = edit(bondHost(), "libvirt-domains", (domains) =>
  domains.map((domain, at) => ({
    ...domain,
    name: `db-0${at}`,
    uuid: `5b000000-0000-4000-8000-0000000000d${at}`,
    interfaces: domain.interfaces.map((nic) => (at === 0 ? nic : { ...nic, mac: "52:54:00:5b:00:77" })),
  })),
);
const twinState = edit(twin, "libvirt-state", (all) =>
  all.map((one, at) => ({ ...one, name: `db-0${at}`, uuid: `5b000000-0000-4000-8000-0000000000d${at}` })),
);

describe("twins", () => {
  it("tells both hosts of each other's guest with one MAC, and takes it back", () => {
    const twins = new Twins();
    expect(twins.take("a", seen("kvm-a", bondHost()))).toEqual(["a"]);
    expect(new Set(twins.take("b", seen("kvm-b", twinState)))).toEqual(new Set(["a", "b"]));
    expect(twins.of("a").filter((one) => one.mac === mac)).toMatchObject([{ host: "kvm-b", vm: "db-00" }]);
    expect(twins.of("b").filter((one) => one.mac === mac)).toMatchObject([{ host: "kvm-a", vm: "web-01" }]);
    expect(twins.take("b", seen("kvm-b", twinState)), "nothing has changed").toEqual([]);
    expect(new Set(twins.take("b", seen("kvm-b", twinState, { live: false })))).toEqual(new Set(["a", "b"]));
    expect(twins.of("a")).toEqual([]);
    twins.take("b", seen("kvm-b", twinState));
    expect(twins.drop("b")).toContain("a");
    expect(twins.of("a")).toEqual([]);
    expect(twins.of("b")).toEqual([]);
  });

  it("keeps demo hosts apart from real ones", () => {
    const twins = new Twins();
    twins.take("a", seen("kvm-a", bondHost()));
    twins.take("b", seen("kvm-b", twinState, { demo: true }));
    expect(twins.of("a")).toEqual([]);
  });

  it("does not count a guest that is paused, as one that is arriving is", () => {
    const twins = new Twins();
    const paused = edit(twinState, "libvirt-state", (all) => all.map((one) => ({ ...one, state: "paused" as const })));
    twins.take("a", seen("kvm-a", bondHost()));
    twins.take("b", seen("kvm-b", paused));
    expect(twins.of("a").filter((one) => one.vm !== undefined)).toEqual([]);
  });

  it("names whoever answered when the host asked for an address", () => {
    const twins = new Twins();
    const heard = "52:54:00:5b:00:77";
    const facts = {
      ...bondHost(),
      ...factsOf({ "arp-owners": [{ dev: "br0", address: "10.20.0.11", own: false, macs: [mac, heard] }] }),
    };
    twins.take("a", seen("kvm-a", facts));
    twins.take("b", seen("kvm-b", twinState));
    expect(twins.of("a").filter((one) => one.mac === heard)).toEqual([
      { mac: heard, host: "kvm-b", vm: "db-01", uuid: "5b000000-0000-4000-8000-0000000000d1", near: [] },
    ]);
  });
});
