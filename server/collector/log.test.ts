import { describe, expect, it } from "vitest";
import { jsonLog } from "./log";

describe("the log", () => {
  it("escapes whatever a terminal would obey, and loses nothing of it", () => {
    const lines: string[] = [];
    const hostile = "\u0000\u001b[2J\u007f\u0080\u009b31m\u200b\u202e\u2066\u2028\ufeff\u{e0041}\ud800 虚拟机";
    jsonLog((line) => lines.push(line), "collector")("state", { host: hostile });
    const [line = ""] = lines;
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\u2028\ufeff\ud800-\udfff]/);
    expect((JSON.parse(line) as { host: string }).host).toBe(hostile);
  });
});
