import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type SourceId, sources } from "@/lib/events/registry";
import { Bulkhead } from "../bulkhead";
import type { SourceWord } from "./api";
import { Control } from "./control";
import { letterOf } from "./dialects/dialect";
import type { Shell } from "./shell";

const nonce = "TP00";
const letter = (source: SourceId): string => letterOf(Object.keys(sources).indexOf(source));
const [ip, bridge, virsh] = [letter("ip-monitor"), letter("bridge-monitor"), letter("virsh-event")];

/** A control channel whose far side says what the test says. */
async function opened() {
  let out: (bytes: Uint8Array) => void = () => undefined;
  const paused: number[] = [];
  const shell: Shell = {
    nonce,
    guard: new Bulkhead(({ where, error }) => {
      throw new Error(where, { cause: error });
    }),
    write: () => undefined,
    listen: (onOut) => {
      out = onOut;
    },
    pause: (ms) => paused.push(ms),
    ended: new Promise(() => undefined),
    close: () => undefined,
  };
  const opening = Control.open(shell, false, () => undefined);
  const say = (text: string) => out(Buffer.from(text));
  say(`${nonce}@7\t0\tuntried\t\tkvm1\n`);
  const control = await opening;
  const lines: string[] = [];
  const states: [SourceId, SourceWord, string][] = [];
  control.follow({
    onLine: (_source, line) => lines.push(line),
    onSource: (...state) => states.push(state),
  });
  const flood = (letter: string, count: number) => say(`${nonce}${letter} x\n`.repeat(count));
  return { control, say, flood, lines, states, paused };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a flood of events", () => {
  it("is a storm of its source alone, passed over until it is calm, and then followed again", async () => {
    const { control, flood, lines, states } = await opened();
    await vi.advanceTimersByTimeAsync(1_500);
    states.length = 0;
    flood(ip, 80_000);
    expect(states).toEqual([["ip-monitor", "storm", "more than 1000 lines a second"]]);
    expect(lines.length).toBeLessThanOrEqual(50_001);
    const taken = lines.length;
    // It goes on for ten seconds: nothing of it is looked at, while another source is.
    for (let second = 0; second < 10; second++) {
      flood(ip, 3_000);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(lines).toHaveLength(taken);
    flood(bridge, 1);
    expect(lines).toHaveLength(taken + 1);
    expect(states).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4_500);
    expect(states).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(states[1]).toEqual(["ip-monitor", "following", ""]);
    flood(ip, 10);
    expect(lines).toHaveLength(taken + 11);
    control.stop();
  });

  it("does not begin with what a host with many guests says when it starts", async () => {
    const { control, flood, lines, states } = await opened();
    await vi.advanceTimersByTimeAsync(1_500);
    states.length = 0;
    for (let second = 0; second < 10; second++) {
      flood(ip, second < 2 ? 2_500 : 900);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(states).toEqual([]);
    expect(lines).toHaveLength(12_200);
    control.stop();
  });

  it("does not begin with a bridge that forgets 20,000 addresses and learns them anew", async () => {
    const { control, flood, lines, states } = await opened();
    await vi.advanceTimersByTimeAsync(1_500);
    states.length = 0;
    for (let second = 0; second < 4; second++) {
      flood(bridge, 10_000);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(states).toEqual([]);
    expect(lines).toHaveLength(40_000);
    control.stop();
  });

  it("waits on the far side: the channel is paused beyond so many bytes a second", async () => {
    const { control, say, paused } = await opened();
    const megabytes = (count: number) => say(`${nonce}${ip} ${"x".repeat(8_000)}\n`.repeat(count * 125));
    megabytes(12);
    expect(paused).toEqual([]);
    megabytes(12);
    expect(paused.length).toBeGreaterThan(0);
    control.stop();
  });

  it("that ends its source is told as an end once it is calm, and a source ends once", async () => {
    const { control, say, flood, states } = await opened();
    await vi.advanceTimersByTimeAsync(1_500);
    states.length = 0;
    flood(virsh, 60_000);
    say(`${nonce}!${virsh} 3\n`);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(states.map(([, state]) => state)).toEqual(["storm", "ended"]);
    say(`${nonce}!${virsh} 3\n`.repeat(500));
    expect(states).toHaveLength(2);
    control.stop();
  });
});
