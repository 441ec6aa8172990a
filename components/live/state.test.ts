import { describe, expect, it } from "vitest";
import type { HostDelta, HostSnapshot } from "@/lib/wire/model";
import type { Pulse } from "@/lib/wire/socket";
import { heldOf, initialState, type LiveEvent, type LiveState, livenessOf, step, viewOf } from "./state";

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
const kvm1 = { topic: "host", key: "kvm1" };
const fleetAt = { topic: "fleet" };
const fleet: LiveEvent = {
  kind: "reply",
  address: fleetAt,
  reply: { kind: "snapshot", epoch: "e1", seq: 0, snapshot: { cards: [] } },
};
const stepOf = (seq: number, mtu: number, epoch = "e1") => ({ epoch, seq, delta: delta(seq, mtu, epoch) });
const change = (seq: number, mtu: number): LiveEvent => ({ kind: "change", address: kvm1, step: stepOf(seq, mtu) });
const whole = (seq: number, epoch = "e1"): LiveEvent => ({
  kind: "reply",
  address: kvm1,
  reply: { kind: "snapshot", epoch, seq, snapshot: snapshot(seq, epoch) },
});
const pulseOf = (marks: Pulse["marks"], over: Partial<Pulse> = {}): LiveEvent => ({
  kind: "pulse",
  pulse: { at: 0, collector: "up", marks, ...over },
});
const host = (state: LiveState) => viewOf(state, "host", "kvm1");

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
  { kind: "watch", address: fleetAt },
  { kind: "watch", address: kvm1 },
  { kind: "connected" },
  fleet,
  whole(seq),
];

describe("live state", () => {
  it("asks for fleet and host on connect, and is live when both came", () => {
    const { state, asked } = play(upTo(4));
    expect(asked).toEqual([fleetAt, kvm1]);
    expect(livenessOf(state, 5000)).toEqual({ kind: "live" });
  });

  it("watches several hosts side by side, each with its own gap, until it looks away", () => {
    const other = { topic: "host", key: "kvm2" };
    const { state, asked } = play([...upTo(4), { kind: "watch", address: other }]);
    expect(asked.at(-1)).toEqual(other);
    expect(livenessOf(state, 6000).kind).toBe("catching-up");
    const reply = { kind: "snapshot", epoch: "e9", seq: 7, snapshot: { ...snapshot(7, "e9") } } as const;
    const both = play([{ kind: "reply", address: other, reply }, change(5, 9000)], state).state;
    expect([host(both)?.seq, viewOf(both, "host", "kvm2")?.seq]).toEqual([5, 7]);
    const gaps = play(
      [
        pulseOf([
          { ...kvm1, epoch: "e1", seq: 5 },
          { ...other, epoch: "e9", seq: 8 },
        ]),
      ],
      both,
    );
    expect(gaps.asked).toEqual([{ ...other, since: { epoch: "e9", seq: 7 } }]);
    const away = play([{ kind: "unwatch", address: other }], gaps.state).state;
    expect(viewOf(away, "host", "kvm2")).toBeUndefined();
    expect(livenessOf(away, 2000)).toEqual({ kind: "live" });
  });

  it("has thresholds loaded again when they change, and after a cut in which they may have", () => {
    const round = (...events: LiveEvent[]) => play([...upTo(4), ...events]).state.settingsRound;
    expect(round()).toBe(0);
    expect(round({ kind: "settings" })).toBe(1);
    expect(round({ kind: "disconnected" }, { kind: "connected" })).toBe(1);
  });

  it("applies the next delta and records what changed", () => {
    const { state } = play([...upTo(4), change(5, 9000)]);
    expect(host(state)?.seq).toBe(5);
    expect(heldOf(state, "host", "kvm1")?.changes).toEqual([
      { at: 5, seq: 5, subject: "kvm1/nic/eth0", what: { kind: "attribute", name: "mtu", from: 1500, to: 9000 } },
    ]);
  });

  it("never applies over a gap: says it is behind, asks from where it stands, and takes the missing ones", () => {
    const { state, asked } = play([...upTo(4), change(7, 9000)]);
    expect(host(state)?.seq).toBe(4);
    expect(livenessOf(state, 5000)).toEqual({ kind: "catching-up" });
    expect(asked.at(-1)).toEqual({ ...kvm1, since: { epoch: "e1", seq: 4 } });
    const deltas = [stepOf(5, 1), stepOf(6, 2), stepOf(7, 3)];
    const after = play([{ kind: "reply", address: kvm1, reply: { kind: "deltas", deltas } }], state);
    expect(host(after.state)?.seq).toBe(7);
    expect(livenessOf(after.state, 5000)).toEqual({ kind: "live" });
  });

  it("sees a gap by the pulse, and another epoch", () => {
    const base = play(upTo(4)).state;
    const pulse = (seq: number, epoch: string) => pulseOf([{ ...kvm1, epoch, seq }]);
    expect(play([pulse(4, "e1")], base).asked).toEqual([]);
    expect(play([pulse(5, "e1")], base).asked).toEqual([{ ...kvm1, since: { epoch: "e1", seq: 4 } }]);
    expect(play([pulse(1, "e2")], base).asked).toHaveLength(1);
  });

  it("is not green after a reconnect before the host has answered too", () => {
    const base = play(upTo(4)).state;
    const { state, asked } = play([{ kind: "disconnected" }, { kind: "connected" }, fleet], base);
    expect(asked.at(-1)).toEqual({ ...kvm1, since: { epoch: "e1", seq: 4 } });
    expect(livenessOf(state, 3000).kind).toBe("catching-up");
    const after = play([{ kind: "reply", address: kvm1, reply: { kind: "deltas", deltas: [] } }], state).state;
    expect(livenessOf(after, 3000).kind).toBe("live");
  });

  it("ignores what it already has and what belongs to another host", () => {
    const base = play(upTo(4)).state;
    const other = { topic: "host", key: "other" };
    expect(host(play([change(4, 1)], base).state)).toBe(host(base));
    expect(play([{ kind: "change", address: other, step: stepOf(5, 1) }], base).state).toBe(base);
    const late: LiveEvent = { kind: "reply", address: other, reply: { kind: "refused", reason: "no such host" } };
    expect(play([late], base).state).toBe(base);
  });

  it("says since when it is cut off, silent, or without collector", () => {
    const base = play(upTo(4)).state;
    expect(livenessOf(step(base, { kind: "disconnected" }, 9000).state, 10_000)).toEqual({
      kind: "reconnecting",
      since: 9000,
    });
    expect(livenessOf(base, 60_000).kind).toBe("silent");
    const down = step(base, pulseOf([], { collector: "down" }), 9000).state;
    expect(livenessOf(down, 9500)).toEqual({ kind: "collector-down", since: 9000 });
    const up = step(down, pulseOf([]), 9900);
    expect(up.ask).toEqual([
      { ...fleetAt, since: { epoch: "e1", seq: 0 } },
      { ...kvm1, since: { epoch: "e1", seq: 4 } },
    ]);
  });

  it("shows a refused host as refused, not as loading", () => {
    const refused: LiveEvent = { kind: "reply", address: kvm1, reply: { kind: "refused", reason: "no such host" } };
    const { state } = play([...upTo(4).slice(0, 4), refused]);
    expect(heldOf(state, "host", "kvm1")?.refused).toBe("no such host");
    expect(livenessOf(state, 5000)).toEqual({ kind: "live" });
  });
});

describe("what the server is", () => {
  it("is known by its pulse, and the same object while it is the same", () => {
    const pulse = pulseOf([], { build: "b1", wire: 3 });
    const first = play([...upTo(4), pulse]).state;
    expect(first.server).toEqual({ build: "b1", wire: 3 });
    expect(play([pulse], first).state.server).toBe(first.server);
    expect(play([pulseOf([], { build: "b2", wire: 3 })], first).state.server).toEqual({ build: "b2", wire: 3 });
  });
});
