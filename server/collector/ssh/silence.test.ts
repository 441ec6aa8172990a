import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchSilence } from "./silence";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function watched() {
  const stream = new PassThrough();
  const onSilent = vi.fn();
  const stop = watchSilence(stream, { silentMs: 10_000, openingMs: 30_000 }, onSilent);
  return { say: () => stream.emit("data", Buffer.from("x")), onSilent, stop, stream };
}

describe("silence", () => {
  it("a session that opens slowly is waited for, and not for ever", () => {
    const { onSilent } = watched();
    vi.advanceTimersByTime(29_000);
    expect(onSilent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2_000);
    expect(onSilent).toHaveBeenCalledExactlyOnceWith(30_000);
    vi.advanceTimersByTime(60_000);
    expect(onSilent).toHaveBeenCalledTimes(1);
  });

  it("who has spoken and says nothing more is gone after a few pings", () => {
    const { say, onSilent } = watched();
    vi.advanceTimersByTime(20_000);
    say();
    vi.advanceTimersByTime(8_000);
    say();
    vi.advanceTimersByTime(9_000);
    expect(onSilent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(3_000);
    expect(onSilent).toHaveBeenCalledExactlyOnceWith(10_000);
  });

  it("time in which this process stood still is nobody's silence", () => {
    const { say, onSilent } = watched();
    say();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(8_000);
    expect(onSilent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(4_000);
    expect(onSilent).toHaveBeenCalledTimes(1);
  });

  it("leaves nothing behind when stopped", () => {
    const { onSilent, stop, stream } = watched();
    stop();
    vi.advanceTimersByTime(120_000);
    expect(onSilent).not.toHaveBeenCalled();
    expect(stream.listenerCount("data")).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
