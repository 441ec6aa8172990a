import { describe, expect, it } from "vitest";
import { ui } from "./ui";

const places = (text: string) => [...text.matchAll(/\{([a-zA-Z]+)\}/g)].map((m) => m[1]).sort();

describe("texts of the interface", () => {
  it("have the same places in both languages, and no text is empty", () => {
    for (const [key, wording] of Object.entries(ui)) {
      expect(wording.en.trim(), key).not.toBe("");
      expect(wording.zh.trim(), key).not.toBe("");
      expect(places(wording.zh), key).toEqual(places(wording.en));
    }
  });

  it("are Chinese in Chinese, but for names and marks", () => {
    const same = Object.entries(ui)
      .filter(([, w]) => w.en === w.zh)
      .map(([key]) => key);
    expect(same.sort()).toEqual(["laneTap", "laneVlan"]);
  });
});
