import { describe, expect, it } from "vitest";
import { bondHost, edit, factsOf } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import { buildGraph } from "@/lib/graph/builder";
import { passes } from "@/lib/graph/passes/registry";
import { viewOf } from "@/lib/graph/view";
import { pass } from "./passes/duplicate-owners";
import { type HostNow, Summary } from "./summary";

const mac = "52:54:00:5b:00:01";

function seen(name: string, facts: Facts, more: Partial<HostNow> = {}): HostNow {
  const graph = viewOf(buildGraph(name, facts, {}, passes).graph);
  return { name, demo: false, live: true, summary: new Summary().take(graph, facts, 0), ...more };
}

/** The pass as its user sees it: what each host was told last. */
function started() {
  const work = pass.start();
  const told = new Map<string, readonly unknown[]>();
  const take = (host: string, now: HostNow | undefined): string[] => {
    work.take(host, now);
    const changed = work.changed();
    for (const [key, value] of changed) told.set(key, Array.isArray(value) ? value : []);
    return [...changed.keys()].sort();
  };
  return { take, of: (host: string) => told.get(host) ?? [] };
}

/** Its guests are others', but for a MAC of the first one. */
const copy = edit(bondHost(), "libvirt-domains", (domains) =>
  domains.map((domain, at) => ({
    ...domain,
    name: `db-0${at}`,
    uuid: `5b000000-0000-4000-8000-0000000000d${at}`,
    interfaces: domain.interfaces.map((nic) => (at === 0 ? nic : { ...nic, mac: "52:54:00:5b:00:77" })),
  })),
);
const copyState = edit(copy, "libvirt-state", (all) =>
  all.map((one, at) => ({ ...one, name: `db-0${at}`, uuid: `5b000000-0000-4000-8000-0000000000d${at}` })),
);

describe("duplicate owners", () => {
  it("are told to both hosts, and taken back", () => {
    const { take, of } = started();
    expect(take("a", seen("kvm-a", bondHost()))).toEqual([]);
    expect(take("b", seen("kvm-b", copyState))).toEqual(["a", "b"]);
    expect(of("a")).toContainEqual(expect.objectContaining({ mac, host: "kvm-b", vm: "db-00" }));
    expect(of("b")).toContainEqual(expect.objectContaining({ mac, host: "kvm-a", vm: "web-01" }));
    expect(take("b", seen("kvm-b", copyState)), "nothing has changed").toEqual([]);
    expect(take("b", seen("kvm-b", copyState, { live: false }))).toEqual(["a", "b"]);
    expect(of("a")).toEqual([]);
    take("b", seen("kvm-b", copyState));
    expect(take("b", undefined)).toEqual(["a", "b"]);
    expect([of("a"), of("b")]).toEqual([[], []]);
  });

  it("are not looked for between demo hosts and real ones", () => {
    const { take, of } = started();
    take("a", seen("kvm-a", bondHost()));
    take("b", seen("kvm-b", copyState, { demo: true }));
    expect([of("a"), of("b")]).toEqual([[], []]);
  });

  it("are no guests that are paused, as one that is arriving is", () => {
    const { take, of } = started();
    const paused = edit(copyState, "libvirt-state", (all) => all.map((one) => ({ ...one, state: "paused" as const })));
    take("a", seen("kvm-a", bondHost()));
    take("b", seen("kvm-b", paused));
    expect(of("a").filter((one) => Object.hasOwn(Object(one), "vm"))).toEqual([]);
  });

  it("are named where one of them answered when the host asked for an address", () => {
    const { take, of } = started();
    const heard = "52:54:00:5b:00:77";
    const facts = {
      ...bondHost(),
      ...factsOf({ "arp-owners": [{ dev: "br0", address: "10.20.0.11", own: false, macs: [mac, heard] }] }),
    };
    take("a", seen("kvm-a", facts));
    take("b", seen("kvm-b", copyState));
    expect(of("a")).toContainEqual({
      mac: heard,
      host: "kvm-b",
      vm: "db-01",
      uuid: "5b000000-0000-4000-8000-0000000000d1",
      near: [],
    });
  });
});
