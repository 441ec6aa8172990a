import { describe, expect, it } from "vitest";
import type { HostDelta, HostSnapshot } from "@/lib/wire/model";
import { initialState, type LiveEvent, type LiveState, livenessOf, step } from "./state";

const snapshot = (seq: number, epoch = "e1"): HostSnapshot => ({
  host: { id: "kvm1", name: "kvm1", address: "192.0.2.1", state: "live", since: 0, seenAt: 0, demo: false },
  seq,
  epoch,
  at: 0,
  nodes: [{ id: "kvm1/nic/eth0", host: "kvm1", kind: "nic", name: "eth0", attributes: { mtu: 1500 }, status: "ok" }],
  edges: [],
  findings: [],
  problems: [],
  passed: [],
  probes: [],
});
const delta = (seq: number, mtu: number, epoch = "e1"): HostDelta => ({
  host: "kvm1",
  epoch,
  seq,
  at: seq,
  nodes: {
    put: [{ id: "kvm1/nic/eth0", host: "kvm1", kind: "nic", name: "eth0", attributes: { mtu }, status: "ok" }],
    drop: [],
  },
});
const fleet: LiveEvent = { kind: "reply", what: "fleet", reply: { kind: "fleet", cards: [], at: 0 } };

/** Plays events at one-second steps; the questions that were asked come back with the state. */
function play(events: readonly LiveEvent[], from: LiveState = initialState(0)) {
  const asked: unknown[] = [];
  let state = from;
  events.forEach((event, i) => {
    const next = step(state, event, (i + 1) * 1000);
    state = next.state;
    asked.push(...next.ask);
  });
  return { state, asked };
}

const upTo = (seq: number): LiveEvent[] => [
  { kind: "watch-host", host: "kvm1" },
  { kind: "connected" },
  fleet,
  { kind: "reply", what: "kvm1", reply: { kind: "snapshot", snapshot: snapshot(seq) } },
];

describe("live state", () => {
  it("asks for fleet and host on connect, and is live when both came", () => {
    const { state, asked } = play(upTo(4));
    expect(asked).toEqual([{ what: "fleet" }, { what: "kvm1" }]);
    expect(livenessOf(state, 4000)).toEqual({ kind: "live" });
  });

  it("has thresholds loaded again when they change, and after a cut in which they may have", () => {
    const round = (...events: LiveEvent[]) => play([...upTo(4), ...events]).state.settingsRound;
    expect(round()).toBe(0);
    expect(round({ kind: "settings" })).toBe(1);
    expect(round({ kind: "disconnected" }, { kind: "connected" })).toBe(1);
  });

  it("applies the next delta and records what changed", () => {
    const { state } = play([...upTo(4), { kind: "delta", delta: delta(5, 9000) }]);
    expect(state.host?.seq).toBe(5);
    expect(state.changes).toEqual([
      { at: 5, seq: 5, subject: "kvm1/nic/eth0", what: { kind: "attribute", name: "mtu", from: 1500, to: 9000 } },
    ]);
  });

  it("never applies over a gap: says it is behind, asks from where it stands, and takes the missing ones", () => {
    const { state, asked } = play([...upTo(4), { kind: "delta", delta: delta(7, 9000) }]);
    expect(state.host?.seq).toBe(4);
    expect(livenessOf(state, 5000)).toEqual({ kind: "catching-up" });
    expect(asked.at(-1)).toEqual({ what: "kvm1", since: { epoch: "e1", seq: 4 } });
    const after = play(
      [{ kind: "reply", what: "kvm1", reply: { kind: "deltas", deltas: [delta(5, 1), delta(6, 2), delta(7, 3)] } }],
      state,
    );
    expect(after.state.host?.seq).toBe(7);
    expect(livenessOf(after.state, 5000)).toEqual({ kind: "live" });
  });

  it("sees a gap by the pulse, and another epoch", () => {
    const base = play(upTo(4)).state;
    const pulse = (seq: number, epoch: string): LiveEvent => ({
      kind: "pulse",
      pulse: { at: 0, collector: "up", watching: "kvm1", epoch, seq },
    });
    expect(play([pulse(4, "e1")], base).asked).toEqual([]);
    expect(play([pulse(5, "e1")], base).asked).toEqual([{ what: "kvm1", since: { epoch: "e1", seq: 4 } }]);
    expect(play([pulse(1, "e2")], base).asked).toHaveLength(1);
  });

  it("is not green after a reconnect before the host has answered too", () => {
    const base = play(upTo(4)).state;
    const { state, asked } = play([{ kind: "disconnected" }, { kind: "connected" }, fleet], base);
    expect(asked.at(-1)).toEqual({ what: "kvm1", since: { epoch: "e1", seq: 4 } });
    expect(livenessOf(state, 3000).kind).toBe("catching-up");
    const after = play([{ kind: "reply", what: "kvm1", reply: { kind: "deltas", deltas: [] } }], state).state;
    expect(livenessOf(after, 3000).kind).toBe("live");
  });

  it("ignores what it already has and what belongs to another host", () => {
    const base = play(upTo(4)).state;
    expect(play([{ kind: "delta", delta: delta(4, 1) }], base).state.host).toBe(base.host);
    expect(play([{ kind: "delta", delta: { ...delta(5, 1), host: "other" } }], base).state.host).toBe(base.host);
    const late: LiveEvent = { kind: "reply", what: "other", reply: { kind: "refused", reason: "no such host" } };
    expect(play([late], base).state.hostRefused).toBeUndefined();
  });

  it("says since when it is cut off, silent, or without collector", () => {
    const base = play(upTo(4)).state;
    expect(livenessOf(step(base, { kind: "disconnected" }, 9000).state, 10_000)).toEqual({
      kind: "reconnecting",
      since: 9000,
    });
    expect(livenessOf(base, 60_000).kind).toBe("silent");
    const down = step(base, { kind: "pulse", pulse: { at: 0, collector: "down" } }, 9000).state;
    expect(livenessOf(down, 9500)).toEqual({ kind: "collector-down", since: 9000 });
    const up = step(down, { kind: "pulse", pulse: { at: 0, collector: "up" } }, 9900);
    expect(up.ask.map((w) => w.what)).toEqual(["fleet", "kvm1"]);
  });

  it("shows a refused host as refused, not as loading", () => {
    const { state } = play([
      { kind: "watch-host", host: "kvm1" },
      { kind: "connected" },
      fleet,
      { kind: "reply", what: "kvm1", reply: { kind: "refused", reason: "no such host" } },
    ]);
    expect(state.hostRefused).toBe("no such host");
    expect(livenessOf(state, 4000)).toEqual({ kind: "live" });
  });
});
