import { XMLParser, XMLValidator } from "fast-xml-parser";
import { ParseError } from "./define";

/** One XML element. Attributes are a Map: their names come from the host. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** Text directly inside it; as it stands in an element without children, else with the white space at its ends cut off. */
  readonly text: string;
}

// Entities are decoded below and never by the parser: no document can define its own (they could be made to grow without bound).
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

const entities = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return entities.get(name) ?? whole;
    const code = name[1] === "x" || name[1] === "X" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const attributeKey = ":@";
const textKey = "#text";

function record(value: unknown): Record<string, unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new ParseError("XML: unexpected node");
  return value as Record<string, unknown>;
}

function elements(nodes: unknown): { children: Element[]; text: string } {
  if (!Array.isArray(nodes)) throw new ParseError("XML: unexpected node list");
  const children: Element[] = [];
  let text = "";
  for (const node of nodes) {
    const entry = record(node);
    const name = Object.keys(entry).find((key) => key !== attributeKey);
    if (name === undefined) continue;
    if (name === textKey) {
      text += decode(String(entry[textKey]));
      continue;
    }
    const attributes = Object.hasOwn(entry, attributeKey) ? Object.entries(record(entry[attributeKey])) : [];
    children.push({
      name,
      attributes: new Map(attributes.map(([key, value]) => [key, decode(String(value))])),
      ...elements(entry[name]),
    });
  }
  return { children, text: children.length > 0 ? text.trim() : text };
}

/** Root elements of several XML documents that stand one after the other, as `virsh "dumpxml a; dumpxml b"` prints them. Throws ParseError. */
export function parseXml(text: string): Element[] {
  if (text.trim() === "") return [];
  const wrapped = `<all>${text}</all>`;
  const valid = XMLValidator.validate(wrapped);
  if (valid !== true) throw new ParseError(`XML: ${valid.err.msg} (line ${valid.err.line})`);
  let nodes: unknown;
  try {
    nodes = parser.parse(wrapped);
  } catch (error) {
    throw new ParseError(`XML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const root = elements(nodes).children[0];
  if (root === undefined || root.name !== "all") throw new ParseError("XML: no root element");
  return [...root.children];
}

/** First child of that name, further down with each further name. */
export function child(element: Element | undefined, ...path: readonly string[]): Element | undefined {
  return path.reduce<Element | undefined>((at, name) => at?.children.find((entry) => entry.name === name), element);
}

export function childrenOf(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((entry) => entry.name === name) ?? [];
}

/** An attribute of the element at the end of the path; undefined where either is missing. */
export function attr(element: Element | undefined, name: string): string | undefined {
  return element?.attributes.get(name);
}
