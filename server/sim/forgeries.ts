import { bytesOf, latin1, parseItems, printItem } from "@/lib/probes/items";
import type { Answer } from "./printer";

/** Ways in which a host prints what no tool prints: each makes hostile output of an honest one, of the same probe. */
export const forgeries = {
  /** Nested without end: JSON, XML, and brackets in text. */
  deep: (text: string) => nested(text, 20_000),
  /** Nested as deep as is still taken, so that it comes as far as the engine. */
  "less-deep": (text: string) => nested(text, 40),
  /** Every list and every table a thousand entries long. */
  wide: (text: string) => wide(text, 1_000),
  /** One word without end. */
  huge: (text: string) => atMiddle(text, "x".repeat(200_000)),
  /** Blanks, digits and colons without end, for whoever reads by regular expressions. */
  blanks: (text: string) => atMiddle(text, `${" ".repeat(20_000)}x${"0".repeat(20_000)}:${":".repeat(20_000)}`),
  truncated: (text: string) => text.slice(0, Math.floor(text.length / 2)),
  binary: (text: string) =>
    latin1(Uint8Array.from({ length: Math.max(256, text.length) }, (_, at) => (at * 197 + (at >> 3)) & 0xff)),
  /** Numbers where words belong, words where numbers do, lists for objects. */
  "wrong-types": (text: string) =>
    isJson(text)
      ? JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
          typeof value === "number"
            ? String(value)
            : typeof value === "boolean"
              ? 7
              : typeof value === "string" && value.length % 2 === 0
                ? value.length
                : value,
        )
      : text.replace(/\d+/g, "seven"),
  /** Names that are something to JavaScript. */
  "prototype-keys": (text: string) =>
    text
      .replaceAll("{", '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},')
      .replaceAll(",}", "}")
      .replace(/\b(?:br0|virbr0|vnet0|bond0|lo)\b/g, "__proto__")
      .replace(/\b(?:vnet1|eno1|nic0)\b/g, "constructor"),
} as const;
export type Forgery = keyof typeof forgeries;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

function nested(text: string, depth: number): string {
  const value = `${"[".repeat(depth)}1${"]".repeat(depth)}`;
  if (text.trimStart().startsWith("<"))
    return text.replace(">", `>${"<deep>".repeat(depth)}${"</deep>".repeat(depth)}`);
  if (!text.includes("{")) return atMiddle(text, value);
  // Also under the names that readers keep whatever they hold.
  return text
    .replace("{", `{"deep":${value},`)
    .replaceAll(/"(?:expr|xdp|info_data|info_slave_data)":/g, (key) => `${key}${value},"other":`)
    .replaceAll(",}", "}");
}

function wide(text: string, times: number): string {
  if (isJson(text)) {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.length > 0)
      return JSON.stringify(Array.from({ length: times }, (_, at) => numbered(value[at % value.length], at)));
  }
  const lines = text.split("\n");
  const end = lines.slice(-2);
  const body = lines.slice(0, -2);
  if (body.length === 0) return text;
  return [
    ...Array.from({ length: times }, (_, at) => (body[at % body.length] ?? "").replace(/\d+/, String(at + 1))),
    ...end,
  ].join("\n");
}

/** Another of its kind: a name and a number of its own. */
function numbered(value: unknown, at: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const own = value as Record<string, unknown>;
  return {
    ...own,
    ...("ifindex" in own ? { ifindex: at + 1 } : {}),
    ...("ifname" in own ? { ifname: `x${at}` } : {}),
  };
}

const atMiddle = (text: string, put: string): string => {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + put + text.slice(at);
};

/** Hostile output in place of an honest one; frames stay whole, or nothing behind them would be looked at. */
export function forged(how: Forgery, honest: Answer): Answer {
  if (honest.exit !== 0) return honest;
  const text = latin1(honest.stdout);
  const forge: (text: string) => string = forgeries[how];
  const stdout = text.startsWith("#item ")
    ? parseItems(honest.stdout)
        .map((item) =>
          printItem(item.name, item.exit === 0 ? forge(latin1(item.bytes)) : latin1(item.bytes), item.exit),
        )
        .join("")
    : forge(text);
  return { stdout: Buffer.from(bytesOf(stdout)), exit: 0 };
}
