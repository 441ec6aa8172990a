import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sameJson } from "./equal";

const json = fc.jsonValue({ maxDepth: 3 });
const hostile = fc.dictionary(fc.constantFrom("a", "b", "constructor", "toString", "hasOwnProperty"), json);

describe("sameJson", () => {
  it("equals itself after a round trip, and agrees with the text of sorted JSON", () => {
    fc.assert(
      fc.property(fc.oneof(json, hostile), fc.oneof(json, hostile), (a, b) => {
        expect(sameJson(a, structuredClone(a))).toBe(true);
        expect(sameJson(a, b)).toBe(text(a) === text(b));
        expect(sameJson(a, b)).toBe(sameJson(b, a));
      }),
    );
  });

  it("takes what is nested without end for different, and never overflows the stack", () => {
    const nested = (depth: number): unknown => {
      let value: unknown = 1;
      for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { value };
      return value;
    };
    expect(sameJson(nested(150), nested(150))).toBe(true);
    expect(sameJson(nested(200_000), nested(200_000))).toBe(false);
  });

  it("skips ignored keys at every depth and takes undefined for missing", () => {
    expect(sameJson({ a: [{ n: 1, k: 2 }] }, { a: [{ n: 9, k: 2 }] }, new Set(["n"]))).toBe(true);
    expect(sameJson({ n: 1 }, {}, new Set(["n"]))).toBe(true);
    expect(sameJson({ a: undefined }, {})).toBe(true);
    expect(sameJson({ a: undefined }, { b: undefined })).toBe(true);
    expect(sameJson({ a: undefined }, { b: 1 })).toBe(false);
    expect(sameJson({ a: 1 }, { b: 1 })).toBe(false);
    expect(sameJson({}, { constructor: {} })).toBe(false);
    expect(sameJson({ constructor: {} }, {})).toBe(false);
    const proto: unknown = JSON.parse('{"__proto__": {}}');
    expect(sameJson(proto, {})).toBe(false);
    expect(sameJson(proto, { x: 1 })).toBe(false);
    expect(sameJson({ x: 1 }, proto)).toBe(false);
    expect(sameJson(proto, JSON.parse('{"__proto__": {}}'))).toBe(true);
  });
});

function text(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : Object.is(part, -0)
        ? "-0"
        : part,
  );
}
