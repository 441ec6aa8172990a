import { expect, it } from "vitest";
import { check as guestNoAddress } from "@/lib/checks/addressing/guest-no-address";
import { examples as guestNoAddressExamples } from "@/lib/checks/addressing/guest-no-address.examples";
import type { Facts } from "@/lib/facts/facts";
import type { HostMemory } from "@/lib/graph/pass";
import { passes } from "@/lib/graph/passes/registry";
import type { HostInfo } from "@/lib/wire/model";
import { Engine } from "./engine";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };
const units = { passes, checks: [guestNoAddress], rules: [] };
const facts = guestNoAddressExamples.bad[0]?.facts ?? {};
const { "ip-link": links, ...others } = facts;
const minute = 60_000;

function ran(from: number, memory: HostMemory = {}): Engine {
  const engine = new Engine(info, "e", memory, {}, units);
  engine.read({ "ip-link": links }, [], from);
  for (let at = from; at <= from + 6 * minute; at += minute) engine.read(structuredClone(others), [], at);
  return engine;
}
const since = (engine: Engine) => engine.snapshot().findings.map((finding) => finding.since);

it("a finding keeps its time over a restart though what shows its subject comes after the interfaces", () => {
  const before = ran(minute);
  const [first] = since(before);
  expect(first).toBeGreaterThan(0);
  expect(since(ran(20 * minute, before.memory()))).toEqual([first]);
});

it("what an earlier engine left of things that are gone is forgotten after a while, and not before", () => {
  const gone: Facts = { "ip-link": links };
  const engine = new Engine(info, "e", ran(minute).memory(), {}, units);
  engine.read(gone, [], 20 * minute);
  expect(JSON.stringify(engine.memory().since)).toContain("h/vnic/");
  engine.read(structuredClone(gone), [], 60 * minute);
  const { since: times, samples } = engine.memory();
  expect(JSON.stringify([times, samples])).not.toContain("h/vnic/");
});

it("a fault that was mended while nobody looked, and comes back, is a new one", () => {
  const leased = guestNoAddressExamples.good.find(({ name }) => name === "leased")?.facts ?? {};
  const engine = new Engine(info, "e", ran(minute).memory(), {}, units);
  engine.read(leased, [], 20 * minute);
  for (let at = 21; at < 30; at++) engine.read(structuredClone(facts), [], at * minute);
  expect(since(engine).every((at) => at > 20 * minute)).toBe(true);
  expect(since(engine)).toHaveLength(1);
});
