import type { Form } from "../graph/attributes";
import type { Json } from "../graph/model";
import type { ViewEdge, ViewNode } from "../wire/model";
import { attributesOfNode, describedIn } from "./attributes";
import { statusWord } from "./labels";

/** A question to the canvas, as typed: `vlan:120 status:fail web`. All words must hold. */
export interface Filter {
  readonly words: readonly { readonly key: string | undefined; readonly value: string }[];
}

const keys = new Set(["status", "kind", "vlan", "mac", "ip", "name"]);

/** Unknown keys are searched as they stand, so that a MAC or an IPv6 address needs no key. */
export function parseFilter(text: string): Filter {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const at = word.indexOf(":");
      const key = word.slice(0, at);
      return at > 0 && keys.has(key) ? { key, value: word.slice(at + 1) } : { key: undefined, value: word };
    })
    .filter((w) => w.value !== "");
  return { words };
}

/** Every plain value of an attribute, in small letters. */
function flat(value: Json | undefined, out: string[] = []): string[] {
  if (value === null || value === undefined) return out;
  if (typeof value === "object") for (const item of Object.values(value)) flat(item, out);
  else out.push(String(value).toLowerCase());
  return out;
}

/** Values of a node's attributes that are of this form, by what its kind says of them. */
function valuesOf(node: ViewNode, form: Form | "any"): string[] {
  const known = attributesOfNode(node);
  return Object.entries(node.attributes).flatMap(([name, value]) =>
    form === "any" || describedIn(known, name)?.form === form ? flat(value) : [],
  );
}

const statusIs = (status: ViewNode["status"], value: string): boolean =>
  status === value || Object.values(statusWord[status]).some((w) => w.toLowerCase() === value);

/** Does this node answer the filter? An empty filter is answered by all. */
export function nodeMatches(filter: Filter, node: ViewNode): boolean {
  if (filter.words.length === 0) return true;
  const name = node.name.toLowerCase();
  return filter.words.every(({ key, value }) => {
    switch (key) {
      case "status":
        return statusIs(node.status, value);
      case "kind":
        return node.kind.includes(value);
      case "name":
        return name.includes(value);
      case "vlan":
        return valuesOf(node, "vlan").includes(value);
      case "mac":
        return valuesOf(node, "mac").some((v) => v.includes(value));
      case "ip":
        return valuesOf(node, "address").some((v) => v.startsWith(value));
      default:
        return (
          name.includes(value) || node.kind.includes(value) || valuesOf(node, "any").some((v) => v.includes(value))
        );
    }
  });
}

/** An edge answers when both its ends do, or by its own status. */
export function edgeMatches(filter: Filter, edge: ViewEdge, matching: ReadonlySet<string>): boolean {
  if (filter.words.length === 0 || (matching.has(edge.from) && matching.has(edge.to))) return true;
  return filter.words.every(({ key, value }) => key === "status" && statusIs(edge.status, value));
}
