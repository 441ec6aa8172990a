import { describe, expect, it } from "vitest";
import { rules } from "@/lib/causes/registry";
import { checks as all } from "@/lib/checks/registry";
import { adminDown, bondHost, edit, memberDown, natHost, plainHost, setLink, unread } from "@/lib/checks/testing";
import { applyDelta } from "@/lib/diff/snapshot";
import type { Facts } from "@/lib/facts/facts";
import { passes } from "@/lib/graph/passes/registry";
import { type HostInfo, HostSnapshot } from "@/lib/wire/model";
import type { MakeEngine } from "./api";
import { Engine } from "./engine";
import { makeEngine as makeReal } from "./index";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };
/** The checks that these tests are about: what a further one says of the same facts is its own examples' business. */
const about = new Set(
  "nic-no-carrier nic-admin-down bond-member-down bond-down bridge-down bridge-no-uplink tap-not-enslaved tap-down mac-duplicate mac-invalid mtu-mismatch arp-incomplete gateway-missing address-on-member".split(
    " ",
  ),
);
const checks = all.filter((check) => about.has(check.id));
const makeEngine: MakeEngine = (of, epoch, memory, settings = {}) =>
  new Engine(of, epoch, memory, settings, { passes, checks, rules });

/** What these probes tell is part of the healthy hosts; of the rest nothing was read. */
const known = (facts: Facts): Facts => {
  let all = facts;
  for (const check of checks)
    for (const probe of check.needs) if (all[probe] === undefined) all = unread(all, probe, "absent", "");
  return all;
};
const open = (facts: Facts, at = 1000) => {
  const engine = makeEngine(info, "e1", {});
  engine.read(known(facts), [], at);
  return engine;
};
const heads = (snapshot: HostSnapshot) => snapshot.problems;
const statusOf = (snapshot: HostSnapshot, id: string) =>
  [...snapshot.nodes, ...snapshot.edges].find((item) => item.id === `h/${id}`)?.status;
const notOk = (snapshot: HostSnapshot) => [...snapshot.nodes, ...snapshot.edges].filter((item) => item.status !== "ok");
const tapOne = "tap/web-01/52:54:00:5b:00:01";

describe("healthy hosts", () => {
  it("has the registries behind it", () => {
    const engine = makeReal(info, "e1", {});
    engine.read(memberDown(bondHost(), "nic1"), [], 1000);
    expect(engine.snapshot().findings.map((finding) => finding.key)).toContain("nic-no-carrier@h/nic/nic1");
  });

  it("of another platform has no verdict of checks whose probes it does not have, not even an unknown one", () => {
    const nothing = checks.flatMap(({ needs }) => needs).reduce<Facts>((all, id) => unread(all, id, "absent", ""), {});
    const engineOn = (platform?: "linux" | "windows") =>
      new Engine(info, "e", {}, {}, { passes, checks, rules, ...(platform ? { platform } : {}) });
    const unknowns = (engine: Engine) => {
      engine.read({ ...nothing, ...unread({}, "ip-link", "refused", "no") }, [], 1000);
      return engine.snapshot().findings.length;
    };
    expect(unknowns(engineOn("windows"))).toBe(0);
    expect(unknowns(engineOn("linux"))).toBeGreaterThan(0);
    expect(unknowns(engineOn())).toBe(unknowns(engineOn("linux")));
  });

  it.each([
    ["bond, bridge, two guests", bondHost()],
    ["NAT guests", natHost()],
    ["no guests, docker0, spare NICs", plainHost()],
  ])("%s: all ok", (_name, facts) => {
    const snapshot = open(facts).snapshot();
    expect(snapshot.findings).toEqual([]);
    expect(notOk(snapshot)).toEqual([]);
    expect(() => HostSnapshot.parse(snapshot)).not.toThrow();
  });

  it("shows guests, TAPs and the way to the wire", () => {
    const { nodes, edges } = open(bondHost()).snapshot();
    expect(nodes.filter((node) => node.kind === "vm").map((node) => node.id)).toEqual(["h/vm/web-01", "h/vm/web-02"]);
    expect(edges.map((edge) => edge.id)).toEqual(
      expect.arrayContaining([
        "h/bond-member/nic/nic0--bond/bond0",
        "h/uplink/bond/bond0--bridge/br0",
        `h/bridge-port/bridge/br0--${tapOne}`,
        `h/tap-vnic/${tapOne}--vnic/web-01/52:54:00:5b:00:01`,
        "h/vnic-vm/vnic/web-01/52:54:00:5b:00:01--vm/web-01",
        "h/gateway/gateway/10.20.0.1--bridge/br0",
      ]),
    );
  });
});

describe("faults", () => {
  it("one dead NIC of a bond: one problem that cuts nobody off", () => {
    const engine = open(bondHost());
    const before = engine.snapshot();
    const delta = engine.read(memberDown(bondHost(), "nic1"), [], 2000);
    const snapshot = engine.snapshot();
    expect(heads(snapshot).map((finding) => [finding.key, finding.impacts])).toEqual([
      ["nic-no-carrier@h/nic/nic1", []],
    ]);
    expect(snapshot.findings.map((finding) => [finding.check, finding.status, finding.cause])).toEqual([
      ["bond-member-down", "warn", "nic-no-carrier@h/nic/nic1"],
      ["nic-no-carrier", "fail", undefined],
    ]);
    expect(statusOf(snapshot, "nic/nic1")).toBe("fail");
    expect(statusOf(snapshot, "bond/bond0")).toBe("warn");
    expect(statusOf(snapshot, "bond-member/nic/nic1--bond/bond0")).toBe("fail");
    expect(statusOf(snapshot, "vm/web-01")).toBe("ok");
    expect(delta && applyDelta(before, delta)).toEqual(snapshot);
    expect(engine.card()).toMatchObject({ worst: "fail", counts: { vms: 2, problems: 1, warnings: 0, impacted: 0 } });
  });

  it("both dead: one problem under the bond, both guests impacted", () => {
    const snapshot = open(memberDown(bondHost(), "nic0", "nic1")).snapshot();
    expect(heads(snapshot).map((finding) => [finding.key, finding.impacts])).toEqual([
      ["bond-down@h/bond/bond0", ["h/vm/web-01", "h/vm/web-02"]],
    ]);
    expect(snapshot.findings.filter((finding) => finding.cause).map((finding) => finding.key)).toEqual([
      "nic-no-carrier@h/nic/nic0",
      "nic-no-carrier@h/nic/nic1",
    ]);
    for (const id of ["bridge/br0", tapOne, "vm/web-01", "vm/web-02", "uplink/bond/bond0--bridge/br0"])
      expect([id, statusOf(snapshot, id)]).toEqual([id, "impacted"]);
    expect(statusOf(snapshot, "nic/mgmt0")).toBe("ok");
  });

  it("a TAP without master: its edge is red, that guest alone is impacted", () => {
    const snapshot = open(setLink(bondHost(), "vnet0", { master: undefined })).snapshot();
    const loose = snapshot.findings.find((finding) => finding.check === "tap-not-enslaved");
    expect(loose?.remedies).toEqual(["enslave"]);
    expect(heads(snapshot).map((finding) => [finding.key, finding.impacts])).toEqual([
      [`tap-not-enslaved@h/${tapOne}`, ["h/vm/web-01"]],
    ]);
    const edge = snapshot.edges.find((one) => one.id === `h/bridge-port/bridge/br0--${tapOne}`);
    expect(edge).toMatchObject({ present: false, status: "fail" });
    expect(statusOf(snapshot, tapOne)).toBe("fail");
    expect(statusOf(snapshot, "vm/web-01")).toBe("impacted");
    expect(statusOf(snapshot, "vm/web-02")).toBe("ok");
    expect(statusOf(snapshot, "bridge/br0")).toBe("ok");
  });

  it("two independent faults stay two problems", () => {
    const snapshot = open(setLink(memberDown(bondHost(), "nic1"), "vnet1", { master: undefined })).snapshot();
    expect(heads(snapshot).map((finding) => [finding.check, finding.impacts.length])).toEqual([
      ["nic-no-carrier", 0],
      ["tap-not-enslaved", 1],
    ]);
  });

  it("a bridge set down takes the default route along: one problem", () => {
    const facts = edit(adminDown(bondHost(), "br0"), "ip-route", (routes) =>
      routes.filter((route) => route.dev !== "br0"),
    );
    const snapshot = open(facts).snapshot();
    expect(heads(snapshot).map((finding) => [finding.key, finding.impacts.length])).toEqual([
      ["bridge-down@h/bridge/br0", 2],
    ]);
    expect(snapshot.findings.map((finding) => finding.check)).toContain("gateway-missing");
  });

  it("one member set down, the other's cable pulled: still one problem", () => {
    const facts = adminDown(memberDown(bondHost(), "nic0", "nic1"), "nic1");
    const snapshot = open(facts).snapshot();
    expect(heads(snapshot).map((finding) => [finding.check, finding.impacts.length])).toEqual([["bond-down", 2]]);
  });

  it("mends: everything is ok again", () => {
    const engine = open(bondHost());
    engine.read(memberDown(bondHost(), "nic0", "nic1"), [], 2000);
    engine.read(bondHost(), [], 3000);
    expect(engine.snapshot().findings).toEqual([]);
    expect(notOk(engine.snapshot())).toEqual([]);
  });
});

describe("problems over time", () => {
  const dead = memberDown(bondHost(), "nic1");
  const key = "nic-no-carrier@h/nic/nic1";
  const times = (engine: Engine | ReturnType<typeof open>) =>
    engine.snapshot().problems.map(({ key, since, last, flaps }) => [key, since, last, flaps]);

  it("one that comes back soon is the same, and says how often it did; its delta brings that to the page", () => {
    const engine = open(bondHost());
    engine.read(dead, [], 2000);
    expect(times(engine)).toEqual([[key, 2000, 2000, 0]]);
    engine.read(bondHost(), [], 3000);
    expect(engine.snapshot().problems).toEqual([]);
    const before = engine.snapshot();
    const delta = engine.read(dead, [], 4000);
    expect(times(engine)).toEqual([[key, 2000, 4000, 1]]);
    expect(delta?.problems?.put.map(({ flaps }) => flaps)).toEqual([1]);
    expect(delta && applyDelta(before, delta)).toEqual(engine.snapshot());
    expect(engine.card().top.map(({ flaps, tail, impacts }) => [flaps, tail, impacts])).toEqual([[1, 1, 0]]);
  });

  it("not to see it, or to see it under another cause, is not to see it go", () => {
    const loose = setLink(bondHost(), "vnet0", { master: undefined });
    const blind = open(loose, 1000);
    blind.read(unread({}, "libvirt-domains"), [], 2000);
    expect(blind.snapshot().problems).toEqual([]);
    blind.read(loose, [], 3000);
    expect(times(blind)).toEqual([[`tap-not-enslaved@h/${tapOne}`, 1000, 1000, 0]]);
    const engine = open(dead, 1000);
    engine.read(memberDown(bondHost(), "nic0", "nic1"), [], 4000);
    expect(engine.snapshot().problems.map((one) => [one.key, one.tail.map((under) => under.key)])).toEqual([
      ["bond-down@h/bond/bond0", ["nic-no-carrier@h/nic/nic1", "nic-no-carrier@h/nic/nic0"]],
    ]);
    engine.read(dead, [], 5000);
    expect(times(engine)).toEqual([[key, 1000, 1000, 0]]);
  });

  it("keeps its times over a restart; what was mended meanwhile is new when it comes again", () => {
    const engine = open(bondHost());
    engine.read(dead, [], 2000);
    engine.read(bondHost(), [], 3000);
    engine.read(dead, [], 4000);
    const stored = JSON.parse(JSON.stringify(engine.memory()));
    const next = makeEngine(info, "e2", stored);
    next.read(known(dead), [], 90_000);
    expect(times(next)).toEqual([[key, 2000, 4000, 1]]);
    const mended = makeEngine(info, "e3", stored);
    mended.read(known(bondHost()), [], 90_000);
    mended.read(known(dead), [], 91_000);
    expect(times(mended)).toEqual([[key, 91_000, 91_000, 0]]);
  });
});

describe("what is not known", () => {
  it("is unknown, and the guests of a libvirt that does not answer stay on the page", () => {
    const engine = open(bondHost());
    engine.read(unread({}, "libvirt-domains"), [], 2000);
    const snapshot = engine.snapshot();
    expect(snapshot.nodes.filter((node) => node.kind === "vm")).toHaveLength(2);
    expect(statusOf(snapshot, "vm/web-01")).toBe("unknown");
    expect(heads(snapshot)).toEqual([]);
    engine.read({ "libvirt-domains": bondHost()["libvirt-domains"] }, [], 3000);
    expect(engine.snapshot().findings).toEqual([]);
    expect(statusOf(engine.snapshot(), "vm/web-01")).toBe("ok");
  });

  it("an unreadable host looks unknown, not healthy", () => {
    const engine = makeEngine(info, "e", {});
    engine.read(unread({}, "ip-link", "failed", "exit 1"), [], 1000);
    const { findings } = engine.snapshot();
    expect(findings.find((finding) => finding.check === "nic-no-carrier")).toMatchObject({
      status: "unknown",
      subject: "h/host/self",
    });
    expect(engine.card().worst).toBe("unknown");
  });

  it("a host that does not answer is stale; what was found keeps its time and comes back", () => {
    const engine = open(memberDown(bondHost(), "nic1"), 1000);
    engine.host({ ...info, state: "unreachable", reason: "no route", since: 5000 });
    const stale = engine.snapshot();
    expect(new Set([...stale.nodes, ...stale.edges].map((item) => item.status))).toEqual(new Set(["stale"]));
    expect(stale.findings.map((finding) => finding.since)).toEqual([1000, 1000]);
    expect(stale.host.seenAt).toBe(1000);
    expect(engine.card().worst).toBe("stale");
    // The connection alone brings no news: only a reading does.
    engine.host({ ...info, state: "live", since: 6000 });
    expect(statusOf(engine.snapshot(), "nic/nic1")).toBe("stale");
    engine.read(known(memberDown(bondHost(), "nic1")), [], 7000);
    expect(statusOf(engine.snapshot(), "nic/nic1")).toBe("fail");
    expect(engine.snapshot().findings.map((finding) => finding.since)).toEqual([1000, 1000]);
  });

  it("a check that throws is unknown, counted and named", () => {
    const [first] = checks;
    if (!first) throw new Error("no checks");
    const broken = {
      ...first,
      id: "broken",
      subjects: ["host" as const],
      evaluate: () => {
        throw new Error("ouch");
      },
    };
    const engine = new Engine(info, "e", {}, {}, { passes, checks: [broken], rules: [] });
    engine.read(bondHost(), [], 1000);
    expect(engine.snapshot().findings[0]).toMatchObject({ status: "unknown", because: { en: "check failed: ouch" } });
    expect(engine.defects.get("broken")).toEqual({ count: 1, last: "ouch" });
  });
});

describe("defects of ours", () => {
  it("a pass that fails is counted, and the host is unknown, not healthy", () => {
    const bad = {
      id: "bad",
      after: ["host"],
      needs: [],
      run: () => {
        throw new Error("ouch");
      },
    };
    const engine = new Engine(info, "e", {}, {}, { passes: [...passes, bad], checks: [], rules: [] });
    engine.read(bondHost(), [], 1000);
    expect(engine.defects.get("pass bad")).toEqual({ count: 1, last: "ouch" });
    expect(statusOf(engine.snapshot(), "host/self")).toBe("unknown");
    expect(engine.snapshot().nodes.some((node) => node.kind === "vm")).toBe(true);
  });
});

describe("time and numbers", () => {
  it("says nothing when nothing that shows has changed", () => {
    const engine = open(bondHost());
    const seq = engine.snapshot().seq;
    const counted = edit(bondHost(), "ip-link", (links) =>
      links.map((link) => ({
        ...link,
        stats64: {
          rx: { bytes: 1, packets: 1, errors: 0, dropped: 0 },
          tx: { bytes: 2, packets: 2, errors: 0, dropped: 0 },
        },
      })),
    );
    expect(engine.read(counted, [{ id: "ip-link", outcome: "ok", ms: 3, bytes: 9, at: 1500 }], 1500)).toMatchObject({
      probes: { put: [{ id: "ip-link" }] },
    });
    expect(
      engine.read(bondHost(), [{ id: "ip-link", outcome: "ok", ms: 5, bytes: 7, at: 2000 }], 2000),
    ).toBeUndefined();
    expect(engine.snapshot().seq).toBe(seq + 1);
    expect(engine.read({}, [{ id: "ip-link", outcome: "timeout", ms: 5000, bytes: 0, at: 2500 }], 2500)).toMatchObject({
      probes: { put: [{ outcome: "timeout" }] },
    });
  });

  it("keeps `since` and samples over a restart of the collector", () => {
    const engine = open(memberDown(bondHost(), "nic1"), 1000);
    const stored = JSON.parse(JSON.stringify(engine.memory()));
    const next = makeEngine(info, "e2", stored);
    next.read(known(memberDown(bondHost(), "nic1")), [], 90_000);
    expect(next.snapshot().findings.map((finding) => finding.since)).toEqual([1000, 1000]);
  });
});
