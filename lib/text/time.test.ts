import { describe, expect, it } from "vitest";
import { ago, duration, exact } from "./time";

describe("duration", () => {
  it("names the two largest units", () => {
    expect(duration(0, "en")).toBe("0 s");
    expect(duration(61_000, "en")).toBe("1 min 1 s");
    expect(duration(2 * 3_600_000 + 5 * 60_000 + 9000, "en")).toBe("2 h 5 min");
    expect(duration(86_400_000, "en")).toBe("1 d");
    expect(duration(86_400_000 + 60_000, "en")).toBe("1 d");
    expect(duration(90_000, "zh")).toBe("1分30秒");
  });
});

describe("ago", () => {
  it("is coarse and never in the future", () => {
    expect(ago(1000, 500, "en")).toBe("just now");
    expect(ago(0, 59_000, "en")).toBe("59 s ago");
    expect(ago(0, 3_700_000, "en")).toBe("1 h ago");
    expect(ago(0, 3_700_000, "zh")).toBe("1小时前");
  });
});

describe("exact", () => {
  it("carries its zone and survives nonsense", () => {
    expect(exact(0)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
    expect(exact(Number.NaN)).toBe("-");
  });
});
