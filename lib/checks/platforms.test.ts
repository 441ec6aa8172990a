import { describe, expect, it } from "vitest";
import type { Platform } from "../probes/define";
import type { ProbeId } from "../probes/registry";
import { isFor } from "./platforms";
import { checks } from "./registry";

describe("platform of a check", () => {
  const on: Partial<Record<ProbeId, readonly Platform[]>> = { "ip-link": ["linux", "esxi"], identity: ["esxi"] };
  const platforms = (probe: ProbeId) => on[probe] ?? ["linux"];
  it.each([
    [["ip-link"], "linux", true],
    [["ip-link"], "esxi", true],
    [["ip-link"], "windows", false],
    [["ip-link", "bond"], "linux", true],
    [["ip-link", "bond"], "esxi", false],
    [["identity"], "linux", false],
  ] as const)("that needs %j, on %s: %s", (needs, platform, expected) => {
    expect(isFor({ needs }, platform, platforms)).toBe(expected);
  });
  it("is Linux for every check that there is", () => {
    expect(checks.length).toBeGreaterThan(100);
    expect(checks.filter((check) => !isFor(check, "linux")).map(({ id }) => id)).toEqual([]);
    expect(checks.filter((check) => isFor(check, "windows")).map(({ id }) => id)).toEqual([]);
  });
});
