import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Refusals } from "./refusals";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("writes the first of a minute, counts the rest, and begins anew after it", () => {
  const lines: string[] = [];
  const refusals = new Refusals((line) => lines.push(line), 2);
  for (const at of [1, 2, 3, 4, 5]) refusals.note(`refused ${at}`);
  expect(lines).toEqual(["refused 1", "refused 2"]);
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual(["refused 1", "refused 2", "3 more refusals within a minute"]);
  refusals.note("refused 6");
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(3)).toEqual(["refused 6"]);
});
