import { describe, expect, it } from "vitest";
import { rules } from "@/lib/causes/registry";
import { examples as conntrackFullExamples } from "@/lib/checks/host/conntrack-full.examples";
import { check as nicFlapping } from "@/lib/checks/physical/nic-flapping";
import { checks } from "@/lib/checks/registry";
import { applyDelta } from "@/lib/diff/snapshot";
import type { Facts } from "@/lib/facts/facts";
import { passes } from "@/lib/graph/passes/registry";
import type { HostInfo } from "@/lib/wire/model";
import { Engine } from "./engine";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };
/** Filled to 83 %: worth a warning by default. */
const nearlyFull = factsOf("nearly full");
const key = "conntrack-full@h/host/self";

function factsOf(name: string): Facts {
  const example = [...conntrackFullExamples.bad, ...conntrackFullExamples.good].find((one) => one.name === name);
  if (!example) throw new Error(`no example ${name}`);
  return example.facts;
}

function open(facts: Facts, settings = {}) {
  const engine = new Engine(info, "e1", {}, settings, { passes, checks, rules });
  engine.read(facts, [], 1000);
  return engine;
}
const found = (engine: Engine) => engine.snapshot().findings.find((finding) => finding.key === key);

describe("a threshold that is changed", () => {
  it("makes a finding go and come, by a delta like any other", () => {
    const engine = open(nearlyFull);
    expect(found(engine)).toMatchObject({ status: "warn", thresholds: { full: 95, warn: 80 } });
    const before = engine.snapshot();

    const gone = engine.setSettings({ "conntrack-full.warn": 90 });
    expect(gone?.seq).toBe(before.seq + 1);
    expect(gone?.findings?.drop).toEqual([key]);
    expect(found(engine)).toBeUndefined();
    const without = engine.snapshot();
    expect(gone && applyDelta(before, gone)).toEqual(without);
    expect(without.passed.find((one) => one.subject === "h/host/self")?.checks).toContain("conntrack-full");

    const back = engine.setSettings({ "conntrack-full.full": 50 });
    expect(found(engine)).toMatchObject({ status: "fail", thresholds: { full: 50 } });
    expect(back && applyDelta(without, back)).toEqual(engine.snapshot());
  });

  it("is judged by the check that it belongs to, and by no other", () => {
    const engine = open(nearlyFull);
    const all = engine.evaluated;
    engine.setSettings({ "conntrack-full.warn": 90 });
    expect(engine.evaluated).toBe(1);
    expect(all).toBeGreaterThan(20);
    const nics = engine.graph.ofKind("nic").length;
    expect(nics).toBeGreaterThan(0);
    engine.setSettings({ "conntrack-full.warn": 90, "nic-flapping.losses": 2 });
    expect(engine.evaluated).toBe(nicFlapping.subjects.flatMap((kind) => engine.graph.ofKind(kind as "nic")).length);
  });

  it("is shown anew in a finding that stays, which keeps its time", () => {
    const engine = open(nearlyFull);
    engine.read(nearlyFull, [], 60_000);
    const delta = engine.setSettings({ "conntrack-full.warn": 70 });
    expect(delta?.findings?.put).toMatchObject([{ key, since: 1000, thresholds: { warn: 70 } }]);
  });

  it("tells nothing where nothing comes of it", () => {
    const engine = open(factsOf("nearly empty"));
    const { seq } = engine.snapshot();
    expect(engine.setSettings({ "conntrack-full.warn": 79 })).toBeUndefined();
    expect(engine.setSettings({ "conntrack-full.warn": 79 })).toBeUndefined();
    expect(engine.snapshot().seq).toBe(seq);
    // What is set to its default is no change either.
    const other = open(nearlyFull);
    expect(other.setSettings({ "conntrack-full.warn": 80 })).toBeUndefined();
    expect(other.evaluated).toBeGreaterThan(20);
  });

  it("holds for what is read afterwards, and before anything was read", () => {
    const engine = new Engine(info, "e1", {}, {}, { passes, checks, rules });
    expect(engine.setSettings({ "conntrack-full.warn": 90 })).toBeUndefined();
    engine.read(nearlyFull, [], 1000);
    expect(found(engine)).toBeUndefined();
    engine.setSettings({});
    expect(found(engine)).toMatchObject({ status: "warn", thresholds: { warn: 80 } });
    engine.setSettings({ "conntrack-full.warn": 90 });
    engine.read(factsOf("full"), [], 2000);
    expect(found(engine)).toMatchObject({ status: "fail", thresholds: { full: 95 } });
  });

  it("comes to the same as an engine that had it from the start", () => {
    const settings = { "conntrack-full.warn": 90, "gateway-missing.expectGateway": 0, "link-saturated.percent": 5 };
    const late = open(nearlyFull);
    late.setSettings(settings);
    const { seq: _late, ...after } = late.snapshot();
    const { seq: _early, ...before } = open(nearlyFull, settings).snapshot();
    expect(after).toEqual(before);
  });

  it("changes what is last known of a host that is lost, without making it look alive", () => {
    const engine = open(nearlyFull);
    engine.host({ ...info, state: "stale", since: 5000, reason: "lost" });
    engine.setSettings({ "conntrack-full.warn": 90 });
    const after = engine.snapshot();
    expect(after.findings.map((finding) => finding.key)).not.toContain(key);
    expect(after.host.state).toBe("stale");
    expect(after.nodes.find((node) => node.id === "h/host/self")?.status).toBe("stale");
  });
});
