import { describe, expect, it } from "vitest";
import { chaos, failures } from "./run";
import { ways } from "./ways";

/** Two of the ways, others each day: `npm run chaos` has all of them, over 200 hosts. */
const day = Math.floor(Date.now() / 86_400_000);
const today = [0, 1].flatMap((at) => ways[(day * 2 + at) % ways.length] ?? []);
/** What a busy machine makes of a few ms: less than this is no hold-up. */
const floorMs = 500;

describe("a hostile host among others", () => {
  it(`holds nobody up: ${today.map(({ id }) => id).join(", ")}`, { timeout: 180_000 }, async () => {
    const result = await chaos({ hosts: 8, guests: 4, quietMs: 3_000, wayMs: 3_000, perSecond: 3, ways: today });
    expect(result.parts).toHaveLength(today.length);
    for (const part of result.parts) expect(part.changes).toBeGreaterThan(0);
    expect(failures(result, floorMs)).toEqual([]);
  });
});
