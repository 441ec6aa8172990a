import { describe, expect, it } from "vitest";
import { ParseError } from "./define";
import { parseJson } from "./json";
import { parseXml } from "./xml";

describe("JSON of a host", () => {
  it("reads what JSON.parse reads", () => {
    const text = '{"a[{,": "b\\"]}[{\\\\", "c": [1, -2.5e3, null, true, {"__proto__": [[]]}]}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(() => parseJson('{"a": ')).toThrow(SyntaxError);
    expect(() => parseJson('"never ends \\')).toThrow(SyntaxError);
  });

  it("is refused where it is nested without end, or holds values without end, before it takes any memory", () => {
    expect(parseJson(`${"[".repeat(64)}${"]".repeat(64)}`)).toBeDefined();
    expect(() => parseJson("[".repeat(65))).toThrow(ParseError);
    expect(() => parseJson('{"a":'.repeat(200_000))).toThrow(/nested more than 64 deep/);
    expect(() => parseJson(`[${"0,".repeat(6_000_001)}0]`)).toThrow(/more than 6000000 values/);
    // Brackets in a string are text.
    expect(parseJson(`"${"[".repeat(1_000)}"`)).toHaveLength(1_000);
  });
});

describe("XML of a host", () => {
  const nested = (depth: number, inside = "") => `${"<a>".repeat(depth)}${inside}${"</a>".repeat(depth)}`;

  it("is refused where it is nested without end, also where text pretends to end elements", () => {
    expect(parseXml(nested(400))).toHaveLength(1);
    expect(() => parseXml(nested(5_000))).toThrow(/nested more than 512 deep/);
    expect(() => parseXml(`${"<a b='/'>/></b>-->]]>".repeat(20_000)}`)).toThrow(ParseError);
    expect(() => parseXml(`<a><![CDATA[${"<a>".repeat(2_000)}]]><!--${"<a>".repeat(2_000)}--></a>`)).not.toThrow();
  });
});
