import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings";

describe("--setting", () => {
  it("takes thresholds in their range, parts of a unit where they make sense", () => {
    expect(parseSettings([])).toEqual({});
    expect(parseSettings(["nic-flapping.losses=2", "clock-skew.skew=0.5"])).toEqual({
      "nic-flapping.losses": 2,
      "clock-skew.skew": 0.5,
    });
  });

  it.each([
    ["nic-flapping", "CHECK.NAME=VALUE was expected"],
    ["nic-flapping.losses", "CHECK.NAME=VALUE was expected"],
    ["=2", "CHECK.NAME=VALUE was expected"],
    ["nic-flapping.losses=", "a whole number from 1 to 1000 times was expected"],
    ["nic-flapping.losses=many", "a whole number from 1 to 1000 times was expected"],
    ["nic-flapping.losses=0x10", "a whole number from 1 to 1000 times was expected"],
    ["nic-flapping.losses=-1", "a whole number from 1 to 1000 times was expected, not -1"],
    ["nic-flapping.losses=2.5", "a whole number from 1 to 1000 times was expected, not 2.5"],
    ["nic-flapping.loses=2", 'nic-flapping has no threshold "loses": it has losses, window'],
    ["nic-no-carrier.x=2", "nic-no-carrier has no thresholds"],
    ["no-such.x=2", 'there is no check "no-such"'],
    ["__proto__.x=2", 'there is no check "__proto__"'],
  ])("refuses %s by name", (text, says) => {
    expect(() => parseSettings([text])).toThrow(`--setting ${text}: ${says}`);
  });

  it("refuses two that contradict each other, and one that contradicts a default", () => {
    expect(() => parseSettings(["conntrack-full.warn=90", "conntrack-full.full=85"])).toThrow(
      "--setting: conntrack-full.warn (90 %) cannot be above conntrack-full.full (85 %)",
    );
    expect(() => parseSettings(["clock-skew.serious=4"])).toThrow(
      "--setting: clock-skew.skew (5 s) cannot be above clock-skew.serious (4 s)",
    );
    expect(parseSettings(["conntrack-full.full=60", "conntrack-full.warn=60"])).toEqual({
      "conntrack-full.full": 60,
      "conntrack-full.warn": 60,
    });
  });

  it("refuses one that is named twice", () => {
    expect(() => parseSettings(["nic-flapping.losses=2", "nic-flapping.losses=3"])).toThrow(
      "nic-flapping.losses is there twice",
    );
  });
});
