import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { probes } from "@/lib/probes/registry";
import type { HostDelta, HostInfo } from "@/lib/wire/model";
import { BusProblem } from "@/server/bus/problem";
import { makeEngine } from "../engine";
import { Fleet } from "../fleet/fleet";
import { specOf } from "../sources/any";
import { HostBudget, SumBudget } from "../ssh/budget";
import { largestOpened } from "./host";
import { opened } from "./open";
import { play } from "./play";

const takenAt = "2026-11-20T08:30:00.000Z";
const at = Date.parse(takenAt);
const entry = (id: keyof typeof probes, more: object = {}) => ({
  id,
  outcome: "ok",
  ms: 1,
  bytes: 1,
  exit: 0,
  at,
  text: String(probes[id].examples[0]?.stdout ?? ""),
  ...more,
});
const capture = (more: object = {}) => ({
  format: "taproot-capture",
  version: 1,
  takenAt,
  host: { id: "kvm1", name: "kvm1", address: "192.0.2.1:22", hostname: "kvm1", root: "direct" },
  scrubbed: [],
  sweeps: [[entry("identity"), entry("ip-link")]],
  ...more,
});
const sent = (value: unknown, pack = true) => {
  const bytes = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  return { file: "kvm1.json.gz", content: (pack ? gzipSync(bytes) : bytes).toString("base64") };
};
const refusal = (value: unknown, pack = true): string => {
  try {
    opened(sent(value, pack));
    return "opened";
  } catch (error) {
    if (!(error instanceof BusProblem)) throw error;
    return `${error.code} ${error.message}`;
  }
};

describe("what is opened", () => {
  it("is called by its host's name with day and hour, unless somebody says otherwise, plain or packed", () => {
    expect(opened(sent(capture()))).toMatchObject({ source: "capture", id: "kvm1-20261120-0830", takenAt: at });
    expect(opened({ ...sent(capture(), false), id: "then" }).id).toBe("then");
    expect(specOf(opened(sent(capture())))).toEqual(opened(sent(capture())));
  });

  it("is refused by the name of the file, with what is wrong", () => {
    const of = (why: string) => `bad-request kvm1.json.gz: ${why}`;
    expect(refusal("{", false)).toContain(of("not JSON, cut or damaged"));
    expect(refusal({ hello: 1 })).toBe(of("no capture of taproot (the field format is missing)"));
    expect(refusal(capture({ version: 2 }))).toContain(of("version 2 of the format"));
    expect(refusal(capture({ takenAt: "yesterday" }))).toBe(of("takenAt: not a time"));
    expect(refusal(capture({ sweeps: [[entry("ip-link", { at: 1e300 })]] }))).toContain(of("sweeps.0.0.at"));
    expect(refusal(`${"[".repeat(70)}${"]".repeat(70)}`)).toBe(of("nested more than 64 deep"));
    expect(refusal(" ".repeat(largestOpened + 1))).toBe(of(`larger than ${largestOpened} bytes when it is unpacked`));
    expect(() => opened({ ...sent(""), content: gzipSync("{}").subarray(0, 12).toString("base64") })).toThrow(
      /cut or damaged/,
    );
  });

  it("of a kind that there is not is no host", () => {
    expect(() => specOf({ id: "x", source: "tape" })).toThrow(/"tape"/);
    expect(() => specOf({ id: "x", source: "constructor" })).toThrow(/"constructor"/);
    expect(specOf({ id: "x", address: "a", user: "u", login: { kind: "agent" } })).toMatchObject({ port: 22 });
  });
});

describe("what is played", () => {
  const info: HostInfo = { id: "h", name: "h", address: "f", state: "captured", since: 0, seenAt: 0, demo: false };
  const played = (value: object, budget?: HostBudget) => {
    const engine = makeEngine(info, "e", {});
    const runs = play(value as never, engine, budget?.sweep()).sweeps.flat();
    return Object.fromEntries(runs.map(({ id, outcome }) => [id, outcome]));
  };

  it("goes through the parsers of today: what they do not take is garbled, what is too long is cut", () => {
    const long = "x".repeat(probes.identity.maxBytes + 1);
    const value = capture({ sweeps: [[entry("identity", { text: long }), entry("ip-link", { text: "nonsense" })]] });
    expect(played(value)).toEqual({ identity: "cut", "ip-link": "garbled" });
  });

  it("takes no more memory than its share of what all hosts have", () => {
    const budget = new HostBudget(new SumBudget(0), { host: 10, sweep: 10, own: 10 });
    expect(played(capture(), budget)).toEqual({ identity: "cut", "ip-link": "cut" });
  });
});

describe("a capture among the hosts", () => {
  let deltas: HostDelta[];
  let kept: string[];
  let fleet: Fleet;
  beforeEach(() => {
    deltas = [];
    kept = [];
    const store = {
      get: async () => ({}),
      put: async (host: string) => void kept.push(host),
      drop: async () => undefined,
    };
    const nobody = () => Promise.reject(new Error("something connected"));
    fleet = new Fleet({
      epoch: "e",
      connect: nobody,
      keys: { lines: () => [] },
      makeEngine,
      probes,
      memory: store as never,
      problems: {} as never,
      settings: {},
      log: () => undefined,
      onDelta: (delta) => deltas.push(delta),
      onFleet: () => undefined,
    });
  });
  afterEach(() => fleet.stop());

  const stands = async (id: string) => {
    for (let left = 200; fleet.host(id)?.info.state === "connecting" && left > 0; left--)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return fleet.host(id)?.info;
  };

  it("stands as of its time, is not live, not old and not kept, and connects to nobody", async () => {
    const spec = opened(sent(capture()));
    await fleet.add(spec);
    expect(await stands(spec.id)).toMatchObject({
      state: "captured",
      source: "capture",
      address: "kvm1.json.gz",
      takenAt: at,
      seenAt: at,
      since: at,
    });
    const actor = fleet.host(spec.id);
    const snapshot = actor?.engine.snapshot();
    expect(snapshot?.nodes.find(({ name }) => name === "nic0")?.status).toBeDefined();
    expect(snapshot?.nodes.filter(({ status }) => status === "stale")).toEqual([]);
    expect(actor?.connection).toBeUndefined();
    await expect(actor?.readNow([])).rejects.toThrow(/is a capture/);
    expect(actor?.tell({})).toBe(false);
    expect(deltas.at(-1)?.info?.state).toBe("captured");
    await fleet.stop();
    expect(kept).toEqual([]);
  });

  it("says why it does not, where the stored file cannot be read", async () => {
    const spec = { ...opened(sent(capture())), packed: Buffer.from("rubbish").toString("base64") };
    await fleet.add(spec);
    expect(await stands(spec.id)).toMatchObject({ state: "failed", reason: expect.stringContaining("not JSON") });
  });

  it("goes when it is removed", async () => {
    const spec = opened(sent(capture()));
    await fleet.add(spec);
    expect(fleet.remove(spec.id)).toBe(true);
    expect(fleet.host(spec.id)).toBeUndefined();
  });
});
