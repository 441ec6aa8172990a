import { expect, it } from "vitest";
import type { SettingValues } from "@/lib/checks/settings";
import { viewOf } from "@/lib/graph/view";
import type { HostDelta } from "@/lib/wire/model";
import { HostSpec } from "@/lib/wire/rest";
import { makeEngine as makeReal } from "../engine";
import type { MakeEngine } from "../engine/api";
import { Fleet } from "./fleet";

const spec = (id: string) =>
  HostSpec.parse({ id, address: "192.0.2.1", user: "noc", login: { kind: "agent" }, sudo: { kind: "none" } });

it("every host gets changed thresholds, a new one from the start, and what comes of it goes the way of all deltas", async () => {
  const given: string[] = [];
  const deltas: HostDelta[] = [];
  const note = (host: string, settings: SettingValues = {}) => given.push(`${host} ${settings["x.y"]}`);
  const makeEngine: MakeEngine = (info, epoch, memory, settings) => {
    note(info.id, settings);
    const real = makeReal(info, epoch, memory);
    return {
      read: () => undefined,
      host: () => undefined,
      since: () => undefined,
      snapshot: () => real.snapshot(),
      problems: [],
      card: () => real.card(),
      summary: real.summary,
      graph: viewOf({ nodes: new Map(), edges: new Map() }),
      facts: {},
      defects: new Map(),
      memory: () => ({}),
      setSettings: (changed: SettingValues) => {
        note(info.id, changed);
        return { host: info.id, epoch, seq: 1, at: 1 };
      },
    };
  };
  const fleet = new Fleet({
    epoch: "e",
    probes: {},
    makeEngine,
    settings: { "x.y": 1 },
    keys: { lines: () => [] },
    log: () => undefined,
    onDelta: (delta) => deltas.push(delta),
    onFleet: () => undefined,
    memory: { get: async () => ({}), put: async () => undefined, drop: async () => undefined },
    problems: {
      put: async () => undefined,
      close: async () => undefined,
      openOf: async () => [],
      history: async () => [],
      prune: async () => 0,
    },
    connect: (_spec, _keys, options) =>
      new Promise<never>((_, reject) => options?.signal?.addEventListener("abort", () => reject(new Error("ended")))),
  });
  await fleet.add(spec("a"), true);
  await fleet.add(spec("b"), true);
  const first = fleet.setSettings({ "x.y": 2 });
  // A newer change overtakes: no host is left with the older one.
  await Promise.all([first, fleet.setSettings({ "x.y": 3 })]);
  await fleet.add(spec("c"), true);
  expect(given.slice(0, 2)).toEqual(["a 1", "b 1"]);
  expect(given.filter((line) => line.startsWith("a")).at(-1)).toBe("a 3");
  expect(given.filter((line) => line.startsWith("b")).at(-1)).toBe("b 3");
  expect(given.at(-1)).toBe("c 3");
  expect(new Set(deltas.map((delta) => delta.host))).toEqual(new Set(["a", "b"]));
  await fleet.stop();
});
