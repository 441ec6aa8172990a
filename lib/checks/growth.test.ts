import { describe, expect, it } from "vitest";
import { growth } from "./growth";

const minute = 60_000;
const samples = (...pairs: readonly (readonly [minutes: number, value: number])[]) =>
  pairs.map(([minutes, value]) => ({ at: minutes * minute, value }));

describe("growth", () => {
  it("is counted from the newest sample that is as old as the window", () => {
    expect(growth(samples([0, 0], [5, 3], [9, 7], [10, 9]), 10 * minute, 5 * minute)).toEqual({
      delta: 6,
      ms: 5 * minute,
    });
  });

  it("begins anew where the counter was set to zero", () => {
    expect(growth(samples([0, 900], [1, 4], [2, 6]), 2 * minute, 5 * minute)).toEqual({ delta: 2, ms: minute });
  });

  it("takes in what is read every few minutes only", () => {
    expect(growth(samples([0, 0], [5.5, 40]), 5.5 * minute, minute)).toEqual({ delta: 40, ms: 5.5 * minute });
  });

  it("knows a counter that stood still by its first and last sample", () => {
    expect(growth(samples([0, 7], [600, 7], [600.25, 9]), 600.25 * minute, minute)?.delta).toBe(2);
  });

  // The collector was off overnight: twelve packets in eight hours are no twelve a minute.
  it("says nothing of a time in which nobody looked", () => {
    expect(growth(samples([0, 1000], [480, 1012]), 480 * minute, minute)).toBeUndefined();
    expect(growth(samples([0, 1000], [480, 1012], [480.25, 1013]), 480.25 * minute, minute)).toEqual({
      delta: 1,
      ms: 0.25 * minute,
    });
  });

  it("unless the window is as long", () => {
    expect(growth(samples([0, 0], [30, 5]), 30 * minute, 60 * minute)?.delta).toBe(5);
  });
});
