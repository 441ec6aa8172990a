import { expect, it } from "vitest";
import { Turns } from "./turns";

it("gives turns in the order of asking, one in each round of the event loop, so that what comes in meanwhile is attended to", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const round = (n: number): void => {
    if (n > 3) return;
    seen.push(`round ${n}`);
    setImmediate(() => round(n + 1));
  };
  const work = ["a", "b", "c"].map((name) => turns.take().then(() => seen.push(name)));
  round(0);
  await Promise.all(work);
  const at = (what: string) => seen.indexOf(what);
  expect(seen.filter((one) => one.length === 1)).toEqual(["a", "b", "c"]);
  for (const [one, next] of [
    ["a", "b"],
    ["b", "c"],
  ] as const)
    expect(
      seen.slice(at(one), at(next)).some((between) => between.startsWith("round")),
      seen.join(),
    ).toBe(true);
});
