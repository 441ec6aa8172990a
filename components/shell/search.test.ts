import { describe, expect, it } from "vitest";
import type { HostCard, HostSnapshot } from "@/lib/wire/model";
import { hitsOf, searchHits } from "./search";

const host = {
  id: "kvm1",
  name: "kvm1",
  address: "192.0.2.1",
  state: "live" as const,
  since: 0,
  seenAt: 0,
  demo: false,
};
const card: HostCard = {
  host,
  worst: "fail",
  counts: { vms: 1, problems: 1, warnings: 0, unknown: 0, impacted: 0 },
  top: [
    {
      key: "k",
      check: "bond-down",
      status: "fail",
      params: {},
      message: "bond0 is down",
      subject: "kvm1/bond/bond0",
      impacts: 3,
      since: 0,
      last: 0,
      flaps: 0,
      tail: 0,
    },
  ],
  spark: [],
};
const snapshot: HostSnapshot = {
  host,
  seq: 1,
  epoch: "e",
  at: 0,
  nodes: [
    {
      id: "kvm1/vm/web",
      host: "kvm1",
      kind: "vm",
      name: "web",
      attributes: { nics: [{ mac: "52:54:00:aa:bb:cc" }] },
      status: "ok",
    },
    { id: "kvm1/vm/web/2 b", host: "kvm1", kind: "vm", name: "old-web", attributes: {}, status: "ok" },
  ],
  edges: [],
  findings: [],
  problems: [],
  passed: [],
  probes: [],
};
const hits = hitsOf(new Map([["kvm1", card]]), snapshot, [], (kind) => kind);
const titles = (question: string) => searchHits(hits, question).map((h) => h.title);

describe("palette", () => {
  it("finds hosts, problems, VMs, and MACs at any depth", () => {
    expect(titles("192.0.2.1")).toEqual(["kvm1"]);
    expect(titles("bond-down")).toEqual(["bond0 is down"]);
    expect(titles("aa:bb")).toEqual(["web"]);
  });
  it("puts the exact title first", () => expect(titles("web")).toEqual(["web", "old-web"]));
  it("tells problems in the reader's language, and finds them by the English words of a ticket too", () => {
    const down = { ...card, top: card.top.map((top) => ({ ...top, params: { bond: "bond0", members: 2 } })) };
    const inChinese = hitsOf(new Map([["kvm1", down]]), undefined, [], (kind) => kind, "zh");
    expect(searchHits(inChinese, "bond0 is down")[0]?.title).toMatch(/^bond0 .*\p{Script=Han}/u);
  });
  it("counts as people do among equals", () => {
    const nodes = ["vnet10", "vnet2", "vnet1"].map((name) => ({
      id: `kvm1/tap/${name}`,
      host: "kvm1",
      kind: "tap" as const,
      name,
      attributes: {},
      status: "ok" as const,
    }));
    const found = searchHits(
      hitsOf(undefined, { ...snapshot, nodes }, [], (kind) => kind),
      "vnet",
    );
    expect(found.map((hit) => hit.title)).toEqual(["vnet1", "vnet2", "vnet10"]);
  });
  it("wants every word", () => expect(titles("web nothing")).toEqual([]));
  it("encodes what stands in the address", () => {
    expect(searchHits(hits, "old-web")[0]?.href).toBe("/hosts/kvm1?sel=kvm1%2Fvm%2Fweb%2F2%20b");
  });
});
