import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checks } from "./registry";
import {
  allSettings,
  checksChanged,
  contradictions,
  noSetting,
  readSettings,
  settingKey,
  settingOf,
  unfit,
} from "./settings";

const all = allSettings.map((one) => [settingKey(one.check, one.name), one] as const);
/** Times that are compared with something else than the check's own samples: with a clock, with the times of lines in a log. */
const ofOtherTimes = new Set(["bridge-loop.window", "clock-skew.skew", "clock-skew.serious"]);
const msOf: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000 };
const losses = settingOf("nic-flapping.losses");
if (!losses) throw new Error("nic-flapping has no threshold losses");

describe.each(all)("the threshold %s", (key, one) => {
  it("has a default within its range", () => {
    expect(one.setting.min).toBeLessThan(one.setting.max);
    expect(unfit(one, one.setting.default)).toBeUndefined();
    expect(unfit(one, one.setting.min)).toBeUndefined();
    expect(unfit(one, one.setting.max)).toBeUndefined();
  });

  it("that another one limits names one of its check, in the same unit, with a default and a range that leave it room", () => {
    if (one.setting.atMost === undefined) return;
    const upper = settingOf(settingKey(one.check, one.setting.atMost))?.setting;
    expect(upper).toBeDefined();
    expect(upper?.unit).toBe(one.setting.unit);
    expect(upper?.atMost).toBeUndefined();
    expect(one.setting.default).toBeLessThanOrEqual(upper?.default ?? Number.NaN);
  });

  it("asks for no more than the check's tracks remember", () => {
    const ms = msOf[one.setting.unit];
    const tracks = Object.values(checks.find((check) => check.id === one.check)?.track ?? {});
    if (ms === undefined || tracks.length === 0 || ofOtherTimes.has(key)) return;
    expect(one.setting.max * ms).toBeLessThanOrEqual(Math.max(...tracks.map((track) => track.windowMs)));
  });
});

describe("a value", () => {
  it("is refused with the range that it should have had", () => {
    expect(unfit(losses, 0)).toBe("a whole number from 1 to 1000 times was expected, not 0");
    expect(unfit(losses, 2.5)).toMatch(/not 2.5$/);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, "4", null, undefined, [4], { value: 4 }])
      expect(unfit(losses, bad)).toBe("a whole number from 1 to 1000 times was expected");
  });

  it("that was kept and does not fit is left out, and told", () => {
    const { values, ignored } = readSettings(
      new Map<string, unknown>([
        ["nic-flapping.losses", 7],
        ["nic-flapping.window", 600],
        ["link-saturated.percent", 900],
        ["conntrack-full.warn", "eighty"],
        ["gone-check.limit", 3],
        ["__proto__.x", 1],
      ]),
    );
    // What is the default is not a change.
    expect(values).toEqual({ "nic-flapping.losses": 7 });
    expect(ignored.map((one) => one.key)).toEqual([
      "link-saturated.percent",
      "conntrack-full.warn",
      "gone-check.limit",
      "__proto__.x",
    ]);
    expect(ignored[0]?.because).toBe("a whole number from 1 to 100 % was expected, not 900");
  });

  it("that contradicts another is left out with it, and both are named", () => {
    expect(
      readSettings(
        new Map([
          ["conntrack-full.warn", 90],
          ["conntrack-full.full", 85],
          ["clock-skew.skew", 301],
          ["nic-flapping.losses", 7],
        ]),
      ),
    ).toEqual({
      values: { "nic-flapping.losses": 7 },
      ignored: [
        {
          key: "clock-skew.skew",
          because: "clock-skew.skew (301 s) cannot be above clock-skew.serious (300 s)",
        },
        {
          key: "conntrack-full.warn",
          because: "conntrack-full.warn (90 %) cannot be above conntrack-full.full (85 %)",
        },
        {
          key: "conntrack-full.full",
          because: "conntrack-full.warn (90 %) cannot be above conntrack-full.full (85 %)",
        },
      ],
    });
    // As high as the fault is allowed: then there is no warning before it.
    expect(contradictions({ "conntrack-full.warn": 85, "conntrack-full.full": 85 })).toEqual([]);
  });

  it("of any kind never throws and never gets through out of range", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...all.map(([key]) => key), "x.y", "constructor"), fc.anything()),
        (kept) => {
          const { values, ignored } = readSettings(new Map(Object.entries(kept)));
          for (const [key, value] of Object.entries(values)) {
            const one = settingOf(key);
            expect(one && unfit(one, value)).toBeUndefined();
          }
          for (const { key } of ignored) expect(values).not.toHaveProperty([key]);
          expect(contradictions(values)).toEqual([]);
        },
      ),
    );
  });
});

describe("what there is not", () => {
  it("is named", () => {
    expect(noSetting("no-such", "x")).toBe('there is no check "no-such"');
    expect(noSetting("nic-no-carrier", "x")).toBe("nic-no-carrier has no thresholds");
    expect(noSetting("nic-flapping", "loses")).toBe('nic-flapping has no threshold "loses": it has losses, window');
  });
});

describe("a change", () => {
  it("concerns the checks whose value differs, and no other", () => {
    expect([...checksChanged(checks, {}, { "nic-flapping.losses": 4 })]).toEqual([]);
    expect(
      [
        ...checksChanged(
          checks,
          { "nic-flapping.losses": 7 },
          { "conntrack-full.warn": 70, "nic-flapping.window": 60 },
        ),
      ].sort(),
    ).toEqual(["conntrack-full", "nic-flapping"]);
  });
});
