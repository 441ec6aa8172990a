import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cells, fitColumns, shorten, visible } from "./visible";

describe("visible", () => {
  it("leaves plain text of any script alone", () => {
    for (const text of ["eth0", "网桥 br0", "naïve", "a b", "🙂", "שלום"]) expect(visible(text)).toBe(text);
  });

  it("shows control characters and overrides as escapes", () => {
    expect(visible("a\x1b[31mb")).toBe("a\\x1b[31mb");
    expect(visible("web\u202e10-")).toBe("web\\u202e10-");
    expect(visible("x\u200by")).toBe("x\\u200by");
    expect(visible("a\nb\tc")).toBe("a\\nb\\tc");
    expect(visible("t\u{e0041}")).toBe("t\\u{e0041}");
    expect(visible("\ud800x")).toBe("\\ud800x");
  });

  it("shows an empty name", () => expect(visible("")).toBe('""'));

  it("keeps lines in excerpts", () => {
    expect(visible("a\r\n\tb\x07", { lines: true })).toBe("a\n\tb\\x07");
    expect(visible("progress\rover", { lines: true })).toBe("progress\\rover");
  });

  it("never lets a control or direction character through, and is stable", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });
});

describe("shorten", () => {
  it("keeps both ends", () => {
    expect(shorten("abcdefghij", 5)).toBe("ab…ij".slice(0, 5));
    expect(shorten("abc", 5)).toBe("abc");
    expect([...shorten("🙂🙂🙂🙂🙂🙂", 4)].length).toBe(4);
  });
});

describe("fitColumns", () => {
  it("counts columns", () => {
    expect(fitColumns("数据库主机一号", 8)).toMatch(/…/);
    expect(cells(fitColumns("数据库主机一号", 8))).toBeLessThanOrEqual(8);
    expect(fitColumns("vnet12", 8)).toBe("vnet12");
  });
});
