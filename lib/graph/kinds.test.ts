import { describe, expect, it } from "vitest";
import { examplesOf } from "../checks/examples";
import type { Wording } from "../wording";
import type { Attributes, Form } from "./attributes";
import { buildGraph } from "./builder";
import { edgeKind, edgeKinds, nodeKind, nodeKinds, selfKind } from "./kinds";
import { passes } from "./passes/registry";

const chinese = /[\u4e00-\u9fff]|^[A-Z][A-Za-z0-9 ]*$|^(veth|macvtap)$/;
const isWorded = ({ en, zh }: Wording) => en.trim() === en && en !== "" && chinese.test(zh);

describe.each([...Object.entries(nodeKind), ...Object.entries(edgeKind)])("kind %s", (_name, unit) => {
  it("has a word in both languages, and so has every attribute", () => {
    expect(isWorded(unit.word), unit.word.zh).toBe(true);
    for (const [name, { word }] of Object.entries(unit.attributes))
      expect(isWorded(word), `${name}: ${word.en} / ${word.zh}`).toBe(true);
  });
  it("gives no two attributes the same word", () => {
    const words = Object.values(unit.attributes).map(({ word }) => word.en);
    expect(new Set(words).size).toBe(words.length);
  });
});

describe("kinds", () => {
  it("come in the order of the lanes, the host itself last", () => {
    const place = (kind: (typeof nodeKinds)[number]) => nodeKinds.indexOf(kind);
    expect(place("switch-port")).toBeLessThan(place("nic"));
    expect(place("nic")).toBeLessThan(place("bridge"));
    expect(place("bridge")).toBeLessThan(place("vm"));
    expect(nodeKinds.at(-1)).toBe(selfKind);
  });
  it("stay in one segment only over what carries frames", () => {
    for (const kind of edgeKinds) if (edgeKind[kind].within) expect(edgeKind[kind].carries, kind).toBe(true);
  });
  it("describe every attribute that the passes make of the examples of all checks, in its form", () => {
    const wrong = new Set<string>();
    const seen = new Set<string>();
    for (const { bad, good, unknown } of examplesOf.values())
      for (const { facts } of [...bad, ...good, ...unknown]) {
        const { graph } = buildGraph("h", facts, {}, passes);
        for (const one of graph.nodes.values()) look(one.kind, nodeKind[one.kind].attributes, one.attributes);
        for (const one of graph.edges.values()) look(one.kind, edgeKind[one.kind].attributes, one.attributes ?? {});
      }
    function look(kind: string, known: Attributes, values: object): void {
      for (const [name, value] of Object.entries(values)) {
        const described = Object.hasOwn(known, name) ? known[name] : undefined;
        const said = described?.says && Object.hasOwn(described.says, String(value));
        if (described && (said || fits(described.form, value))) seen.add(`${kind} ${name}`);
        else wrong.add(`${kind} ${name}: ${JSON.stringify(value)}`);
      }
    }
    expect([...wrong]).toEqual([]);
    expect(seen.size).toBeGreaterThan(100);
  });
});

const isOf = (type: string) => (value: unknown) => typeof value === type;
const forms: Readonly<Record<Form, (value: unknown) => boolean>> = {
  text: isOf("string"),
  term: isOf("string"),
  name: isOf("string"),
  mac: (value) => typeof value === "string" && /^[\da-f]{2}([:-][\da-f]{2})+$/.test(value),
  address: (value) => typeof value === "string" && /^[\da-f:.]+(\/\d+)?$/.test(value),
  vlan: isOf("number"),
  number: isOf("number"),
  hundredths: isOf("number"),
  flag: (value) => typeof value === "boolean" || value === 0 || value === 1,
};
/** `null`: the kernel does not know it. A list holds what one value would be, at any depth. */
const fits = (form: Form, value: unknown): boolean =>
  value === null || (Array.isArray(value) ? value.every((item) => fits(form, item)) : forms[form](value));
