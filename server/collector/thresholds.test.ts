import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../store/store";
import { Thresholds } from "./thresholds";

let dir: string;
let store: Store;
let log: string[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-thr-"));
  store = await openStore(dir, Buffer.alloc(32));
  log = [];
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(): Promise<Thresholds> {
  const thresholds = new Thresholds(store.settings, (event, more) => log.push(`${event} ${JSON.stringify(more)}`));
  await thresholds.load();
  return thresholds;
}
const losses = { check: "nic-flapping", name: "losses" };
const row = (thresholds: Thresholds) =>
  thresholds.list().settings.find((one) => one.check === losses.check && one.name === losses.name);

describe("thresholds", () => {
  it("are at their defaults until one is set, and stay set over a restart", async () => {
    const first = await open();
    expect(first.values).toEqual({});
    expect(row(first)).toEqual({ ...losses, unit: "times", min: 1, max: 1000, fraction: false, default: 4, value: 4 });
    expect(first.says({ ...losses, value: 7 })).toBe("nic-flapping.losses: 4 times (default) -> 7 times");
    await first.put({ ...losses, value: 7 });
    const second = await open();
    expect(second.values).toEqual({ "nic-flapping.losses": 7 });
    expect(row(second)?.value).toBe(7);
    expect(log).toEqual([]);
  });

  it("that are put back to the default leave nothing behind, so that a later release may choose a better one", async () => {
    const thresholds = await open();
    await thresholds.put({ ...losses, value: 7 });
    await thresholds.put({ ...losses, value: 4 });
    expect(await store.settings.under("")).toEqual(new Map());
    await thresholds.put({ ...losses, value: 7 });
    expect(thresholds.saysReset(losses)).toBe("nic-flapping.losses: 7 times -> 4 times (default)");
    await thresholds.reset(losses);
    expect(thresholds.values).toEqual({});
    expect(await store.settings.under("")).toEqual(new Map());
  });

  it("that do not fit are told and not used, and one reset of all clears them away", async () => {
    await store.settings.put("check.nic-flapping.losses", -3);
    await store.settings.put("check.link-saturated.percent", "much");
    await store.settings.put("check.gone-check.limit", 3);
    await store.settings.put("check.clock-skew.skew", 2.5);
    await store.db.insertInto("setting").values({ name: "check.conntrack-full.warn", value: "{4" }).execute();
    await store.settings.put("demo", { hosts: 2 });
    const thresholds = await open();
    expect(thresholds.values).toEqual({ "clock-skew.skew": 2.5 });
    expect(row(thresholds)?.value).toBe(4);
    expect(thresholds.list().ignored).toEqual([
      { key: "conntrack-full.warn", because: "a whole number from 1 to 100 % was expected" },
      { key: "gone-check.limit", because: "this release has no such threshold" },
      { key: "link-saturated.percent", because: "a whole number from 1 to 100 % was expected" },
      { key: "nic-flapping.losses", because: "a whole number from 1 to 1000 times was expected, not -3" },
    ]);
    expect(log).toHaveLength(4);
    expect(log[0]).toContain('threshold-ignored {"threshold":"conntrack-full.warn"');
    await thresholds.reset({});
    expect(thresholds.list().ignored).toEqual([]);
    expect([...(await store.settings.under("")).keys()]).toEqual(["demo"]);
  });

  it("of another release can be cleared away one by one; what nobody ever kept is not found", async () => {
    await store.settings.put("check.gone-check.limit", 3);
    const thresholds = await open();
    await thresholds.reset({ check: "gone-check", name: "limit" });
    expect(thresholds.list().ignored).toEqual([]);
    await expect(thresholds.reset({ check: "gone-check", name: "limit" })).rejects.toThrow(
      'there is no check "gone-check"',
    );
    // The one that was refused does not hinder the next.
    await thresholds.put({ ...losses, value: 9 });
    expect(row(thresholds)?.value).toBe(9);
  });

  it("that would contradict what is kept and not used are refused: they would not be used either", async () => {
    await store.settings.put("check.conntrack-full.warn", 90);
    await store.settings.put("check.conntrack-full.full", 85);
    const thresholds = await open();
    expect(thresholds.values).toEqual({});
    await expect(thresholds.put({ check: "conntrack-full", name: "warn", value: 88 })).rejects.toThrow(
      "conntrack-full.warn (88 %) cannot be above conntrack-full.full (85 %)",
    );
    await thresholds.put({ check: "conntrack-full", name: "warn", value: 70 });
    expect(thresholds.values).toEqual({ "conntrack-full.warn": 70, "conntrack-full.full": 85 });
  });

  it("that contradict each other are refused with both their names, whichever way it would come about", async () => {
    const thresholds = await open();
    const warn = { check: "conntrack-full", name: "warn" };
    const full = { check: "conntrack-full", name: "full" };
    await expect(thresholds.put({ ...warn, value: 96 })).rejects.toThrow(
      "conntrack-full.warn (96 %) cannot be above conntrack-full.full (95 %). Change the other one first.",
    );
    await expect(thresholds.put({ ...full, value: 79 })).rejects.toMatchObject({ code: "conflict" });
    await thresholds.put({ ...full, value: 99 });
    await thresholds.put({ ...warn, value: 99 });
    // Back to its default it would be below the warning.
    await expect(thresholds.reset(full)).rejects.toThrow(
      "conntrack-full.warn (99 %) cannot be above conntrack-full.full (95 %)",
    );
    expect(thresholds.values).toEqual({ "conntrack-full.full": 99, "conntrack-full.warn": 99 });
    // Two at the same time: the one that comes second is held against the first.
    await thresholds.reset({});
    const both = await Promise.allSettled([
      thresholds.put({ ...full, value: 85 }),
      thresholds.put({ ...warn, value: 90 }),
    ]);
    expect(both.map((one) => one.status)).toEqual(["fulfilled", "rejected"]);
    expect(thresholds.values).toEqual({ "conntrack-full.full": 85 });
  });

  it("changed at the same time end as the last one", async () => {
    const thresholds = await open();
    await Promise.all([5, 6, 7, 8].map((value) => thresholds.put({ ...losses, value })));
    expect(row(thresholds)?.value).toBe(8);
    expect((await open()).values).toEqual({ "nic-flapping.losses": 8 });
  });
});
