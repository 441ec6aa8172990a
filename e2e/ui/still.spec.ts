import { cardOf, oneCable } from "./samples";
import { expect, test } from "./test";

/** Counts frames that scripts of the page ask for, and how often React has changed the page. */
function count(): void {
  const counted = { frames: 0, commits: 0 };
  Object.assign(window, { counted });
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => {
    counted.frames++;
    return request(callback);
  };
  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: () => counted.commits++,
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
    },
  });
}

test("a page on which nothing happens asks for no frames, and is drawn anew only where a time reads otherwise", async ({
  page,
  site,
  logIn,
}) => {
  await logIn("viewer");
  const snapshot = oneCable().s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await page.addInitScript(count);
  await page.goto(`/hosts/${snapshot.host.id}`);
  await expect(page.getByTestId("canvas")).toHaveAttribute("data-ready", "true");
  await expect(page.getByTestId("live-dot")).toHaveAttribute("data-live", "live");
  const counted = () =>
    page.evaluate(() => (window as unknown as { counted: { frames: number; commits: number } }).counted);
  // The last drawing is a second back, and letters have come.
  await expect
    .poll(async () => {
      const before = await counted();
      await page.waitForTimeout(1500);
      return (await counted()).frames - before.frames;
    })
    .toBe(0);
  const before = await counted();
  expect(before.frames, "nothing was counted").toBeGreaterThan(0);
  expect(before.commits, "nothing was counted").toBeGreaterThan(0);
  // Three ticks of the clock, ten pulses.
  await page.waitForTimeout(3000);
  const after = await counted();
  expect(after.frames - before.frames).toBe(0);
  // "3 min ago" may have become "4 min ago" meanwhile, and "2 h 5 min" "2 h 6 min".
  expect(after.commits - before.commits).toBeLessThanOrEqual(2);

  // And it draws again when there is something to be drawn.
  const tap = snapshot.nodes.find((node) => node.kind === "tap");
  if (!tap) throw new Error("the sample has no TAP");
  await site.change("host", {
    host: snapshot.host.id,
    epoch: snapshot.epoch,
    seq: snapshot.seq + 1,
    at: snapshot.at + 1,
    nodes: { put: [{ ...tap, status: "warn" }], drop: [] },
  });
  await expect.poll(async () => (await counted()).frames).toBeGreaterThan(after.frames);
});
