import { describe, expect, it } from "vitest";
import type { HostCard } from "@/lib/wire/model";
import { fleetProblems, worstFirst } from "./order";

const card = (id: string, over: Partial<HostCard> & { state?: HostCard["host"]["state"] } = {}): HostCard => ({
  host: { id, name: id, address: "", state: over.state ?? "live", since: 0, seenAt: 0, demo: false },
  worst: "ok",
  counts: { vms: 0, problems: 0, warnings: 0, unknown: 0, impacted: 0 },
  top: [],
  spark: [],
  ...over,
});

describe("worstFirst", () => {
  it("puts broken before silent before degraded before well, and names in natural order", () => {
    const order = worstFirst([
      card("kvm10"),
      card("kvm9"),
      card("gone", { state: "unreachable", worst: "stale" }),
      card("broken", { worst: "fail" }),
      card("half", { state: "degraded", worst: "warn" }),
    ]).map((c) => c.host.id);
    expect(order).toEqual(["broken", "gone", "half", "kvm9", "kvm10"]);
  });
});

describe("fleetProblems", () => {
  it("ranks by blast radius over hosts", () => {
    const top = (key: string, impacts: number) => ({
      key,
      check: "c",
      status: "fail" as const,
      params: {},
      message: key,
      subject: "s",
      impacts,
      since: 0,
      last: 0,
      flaps: 0,
      tail: 0,
    });
    const all = fleetProblems([card("a", { top: [top("small", 1)] }), card("b", { top: [top("wide", 50)] })]);
    expect(all.map((p) => p.problem.key)).toEqual(["wide", "small"]);
  });
});
