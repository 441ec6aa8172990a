import type { Attribute, Attributes } from "../graph/attributes";
import { edgeKind, nodeKind } from "../graph/kinds";
import type { Json } from "../graph/model";
import type { ViewEdge, ViewNode } from "../wire/model";
import type { Wording } from "../wording";

export type Described = Attribute<unknown> | undefined;

const none: Attributes = {};

export const attributesOfNode = (node: Pick<ViewNode, "kind">): Attributes => nodeKind[node.kind].attributes;
export const attributesOfEdge = (edge: Pick<ViewEdge, "kind">): Attributes => edgeKind[edge.kind].attributes;

/** What is known of the attributes of the thing that a panel shows. */
export const attributesOfEither = (subject: { readonly node?: ViewNode; readonly edge?: ViewEdge }): Attributes =>
  subject.node ? attributesOfNode(subject.node) : subject.edge ? attributesOfEdge(subject.edge) : none;

/** What the kind says of an attribute. Undefined for one that it does not know: a picture may come from another release. */
export const describedIn = (attributes: Attributes, name: string): Described =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

/** What an attribute is called. The model's name, as words, for one that its kind does not know: "hadMembers" becomes "had members". */
export function wordOfAttribute(described: Described, name: string): Wording {
  if (described) return described.word;
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
  return { en: words, zh: words };
}

/** How a reader is spoken to: "yes" and "no", and a wording in the reader's language. */
export interface Words {
  readonly yes: string;
  readonly no: string;
  say(wording: Wording): string;
}

/** One plain value as a reader sees it: with its unit, or in words. `isWord`: it is no value of the host but what we say of it. */
export function printed(described: Described, value: string | number | boolean, words: Words) {
  const text = inForm(described, value);
  if (typeof text === "boolean") return { text: words[text ? "yes" : "no"], isWord: true };
  return typeof text === "string" ? { text, isWord: false } : { text: words.say(text), isWord: true };
}

function inForm(described: Described, value: string | number | boolean): string | boolean | Wording {
  if (typeof value === "boolean") return value;
  // The kernel says 1 and 0.
  if (described?.form === "flag" && (value === 0 || value === 1)) return value === 1;
  const said = described?.says && Object.hasOwn(described.says, String(value)) && described.says[String(value)];
  if (said) return said;
  if (described?.form === "hundredths" && typeof value === "number") return `${value / 100} s`;
  if (described?.unit !== undefined && typeof value === "number") return `${value} ${described.unit}`;
  return String(value);
}

/** A value on one line: lists with commas, "yes" and "no" in the reader's words, what has more to it as JSON. */
export function onOneLine(described: Described, value: Json | undefined, words: Words): string {
  if (value === undefined || value === null) return "-";
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item) => onOneLine(described, item, words)).join(", ") || "-";
  if (typeof value === "object") return JSON.stringify(value);
  return printed(described, value as string | number | boolean, words).text;
}

/** Attributes in the order of the kind; those that it does not know come last, by name. */
export function inKindOrder(attributes: Attributes, values: Readonly<Record<string, Json>>): [string, Json][] {
  const rank = new Map(Object.keys(attributes).map((name, at) => [name, at]));
  return Object.entries(values).sort(
    ([a], [b]) => (rank.get(a) ?? rank.size) - (rank.get(b) ?? rank.size) || (a < b ? -1 : 1),
  );
}
