import { describe, expect, it } from "vitest";
import { bondHost, memberDown } from "@/lib/checks/testing";
import { applyDelta } from "@/lib/diff/snapshot";
import type { Facts } from "@/lib/facts/facts";
import type { HostInfo, HostSnapshot } from "@/lib/wire/model";
import { makeEngine } from "./index";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };
const open = (facts: Facts, at = 1000) => {
  const engine = makeEngine(info, "e1", {});
  engine.read(facts, [], at);
  return engine;
};
const heads = (snapshot: HostSnapshot) =>
  snapshot.findings.filter((finding) => finding.cause === undefined && finding.status !== "unknown");
const statusOf = (snapshot: HostSnapshot, id: string) =>
  [...snapshot.nodes, ...snapshot.edges].find((item) => item.id === id)?.status;

describe("a hypervisor with bond, bridge and two guests", () => {
  it("is all ok while nothing is broken", () => {
    const snapshot = open(bondHost()).snapshot();
    expect(heads(snapshot)).toEqual([]);
    expect(snapshot.findings).toEqual([]);
    expect([...snapshot.nodes, ...snapshot.edges].filter((item) => item.status !== "ok")).toEqual([]);
    expect(snapshot.nodes.filter((node) => node.kind === "vm").map((node) => node.id)).toEqual([
      "h/vm/web-01",
      "h/vm/web-02",
    ]);
  });

  it("shows one dead NIC as one problem that cuts nobody off", () => {
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
    expect(statusOf(snapshot, "h/nic/nic1")).toBe("fail");
    expect(statusOf(snapshot, "h/bond/bond0")).toBe("warn");
    expect(statusOf(snapshot, "h/bond-member/nic/nic1--bond/bond0")).toBe("fail");
    expect(statusOf(snapshot, "h/vm/web-01")).toBe("ok");
    expect(delta && applyDelta(before, delta)).toEqual(snapshot);
  });
});
