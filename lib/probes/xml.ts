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
  // Its own limit is 100; ours is told before.
  maxNestedTags: 520,
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

/** libvirt nests a `<backingStore>` for each snapshot below a disk, of which QEMU takes some hundred; all else is less than ten deep. */
const depthMost = 512;
/** Longest tag with its attributes, characters: a `<qemu:arg>` may hold a whole ignition file, as long as the kernel lets one argument be (128 KiB). */
const tagMost = 131_072;
/** Attributes of one tag at most. libvirt's have a dozen; with thousands of them the parser takes longer than in proportion (7 ms for 20 kB of attributes, 200 ms for 160 kB). */
const attributesMost = 512;

function quotesIn(text: string, from: number, to: number): number {
  let quotes = 0;
  for (let at = from; at < to; at++) if (text[at] === '"' || text[at] === "'") quotes++;
  return quotes;
}

/** Throws ParseError where elements are nested deeper than that: what reads them goes down by calling itself, and no document may decide how far. One pass, no look at what is well-formed. */
function boundDepth(text: string): void {
  let depth = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const skip = text.startsWith("<!--", at)
      ? "-->"
      : text.startsWith("<![CDATA[", at)
        ? "]]>"
        : text[at + 1] === "?"
          ? "?>"
          : undefined;
    const end = skip === undefined ? endOfTag(text, at) : text.indexOf(skip, at + 2);
    if (end < 0) return;
    if (skip === undefined && end - at > tagMost) throw new ParseError(`XML: a tag of more than ${tagMost} characters`);
    // Each attribute has its quotes: a tag that is short enough to hold no more than that is not counted.
    if (skip === undefined && end - at > 4 * attributesMost && quotesIn(text, at, end) > 2 * attributesMost)
      throw new ParseError(`XML: a tag with more than ${attributesMost} attributes`);
    if (skip === undefined && text[at + 1] !== "!") {
      if (text[at + 1] === "/") depth--;
      else if (text[end - 1] !== "/") depth++;
      if (depth > depthMost) throw new ParseError(`XML: nested more than ${depthMost} deep`);
    }
    at = end;
  }
}

/** Position of the ">" that ends a tag, outside of any quote; -1 where there is none. */
function endOfTag(text: string, from: number): number {
  let quote = "";
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === ">") return at;
  }
  return -1;
}

function elements(nodes: unknown, room = depthMost + 1): { children: Element[]; text: string } {
  if (room === 0) throw new ParseError(`XML: nested more than ${depthMost} deep`);
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
      ...elements(entry[name], room - 1),
    });
  }
  return { children, text: children.length > 0 ? text.trim() : text };
}

/** Root elements of several XML documents that stand one after the other, as `virsh "dumpxml a; dumpxml b"` prints them. Throws ParseError. */
export function parseXml(text: string): Element[] {
  if (text.trim() === "") return [];
  boundDepth(text);
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
