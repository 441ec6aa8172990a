import { describe, expect, it } from "vitest";
import { englishIn, placesIn } from "../wording-testing";
import { runWords } from "./run-words";
import { clauses, Saying, said, saidBy, saidIn, words, wordsOf } from "./said";

const unique = (list: readonly string[]): string[] => [...new Set(list)];

describe("what a guarded change says", () => {
  it("has the same places in both languages, and no English in the Chinese", () => {
    expect(Object.keys(runWords).length).toBeGreaterThan(60);
    for (const [key, { en, zh }] of Object.entries(runWords)) {
      expect(en.trim(), key).not.toBe("");
      expect(unique(placesIn(zh)), key).toEqual(unique(placesIn(en)));
      expect(englishIn(zh, []), key).toEqual([]);
      if (/[A-Za-z]{2}/.test(en.replaceAll(/\{\w+\}/g, ""))) expect(zh, key).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it("is read in either language, with what stands inside it", () => {
    const why = words("exitWith", { command: "ip link", exit: 2, words: "no {such} $& device" });
    const one = said("undoFailed", { why: words("undoAsked"), failures: clauses([why, why]) });
    expect(saidIn(one, "en")).toBe(
      "undo was asked for; undo failed: ip link: exit 2: no {such} $& device; ip link: exit 2: no {such} $& device",
    );
    expect(saidIn(one, "zh")).toMatch(/^有人请求撤销；撤销失败：ip link：退出码 2：no \{such\}/);
  });

  it("shows a key that this build does not know with its values, and what was thrown as it is", () => {
    expect(wordsOf({ id: "of-tomorrow", params: { host: "kvm-01" } })).toEqual({
      en: "of-tomorrow kvm-01",
      zh: "of-tomorrow kvm-01",
    });
    expect(wordsOf({ id: "constructor", params: {} }).en).toBe("constructor");
    expect(wordsOf(saidBy(new Error("disk full"))).zh).toBe("disk full");
    expect(wordsOf(saidBy(new Saying(said("undoAsked")))).zh).toBe("有人请求撤销");
  });
});
