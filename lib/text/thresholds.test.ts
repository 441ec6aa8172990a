import { describe, expect, it } from "vitest";
import { allSettings, settingsOf } from "../checks/settings";
import { thresholdsOf, unitWord, withUnit } from "./thresholds";

describe("thresholds", () => {
  it("have units in both languages", () => {
    for (const { setting } of allSettings)
      if (setting.unit !== "" && setting.unit !== "%") expect(unitWord(setting.unit, "zh")).toMatch(/[\u4e00-\u9fff]/);
    expect(withUnit(10, "s", "en")).toBe("10 s");
    expect(withUnit(1, "", "en")).toBe("1");
  });

  it("of a finding are told by name; what this build does not know is left out", () => {
    const told = thresholdsOf(
      { thresholds: { losses: 2, window: 600, gone: 1, constructor: 1 } },
      settingsOf("nic-flapping"),
    );
    expect(told.map((one) => [one.name, one.value, one.setting.default])).toEqual([
      ["losses", 2, 4],
      ["window", 600, 600],
    ]);
    expect(thresholdsOf({ thresholds: { x: 1 } }, settingsOf("from-the-future"))).toEqual([]);
    expect(thresholdsOf({}, settingsOf("nic-flapping"))).toEqual([]);
  });
});
