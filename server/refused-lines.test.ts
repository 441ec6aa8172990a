import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RefusedLines } from "./refused-lines";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("writes the first of a kind in a minute, counts the rest, and begins anew after it", () => {
  const lines: string[] = [];
  const refusals = new RefusedLines((line) => lines.push(line));
  for (let at = 0; at < 13; at++) refusals.note("loud", `loud ${at}`);
  refusals.note("quiet", "quiet");
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe("quiet");
  vi.advanceTimersByTime(60_000);
  expect(lines.at(-1)).toBe("3 more refusals within a minute");
  refusals.note("loud", "loud again");
  expect(lines.at(-1)).toBe("loud again");
});

it("is bounded, however many kinds somebody makes up", () => {
  const lines: string[] = [];
  const refusals = new RefusedLines((line) => lines.push(line));
  for (let at = 0; at < 100_000; at++) refusals.note(`kind ${at}`, "x");
  expect(lines.length).toBeLessThanOrEqual(210);
});
