import { ParseError } from "./define";

/** One sub-output of a probe that runs a command per object (per interface, per domain). */
export interface Item {
  readonly name: string;
  readonly exit: number;
  readonly bytes: Uint8Array;
}

const newline = 10;

/**
 * Takes apart what `item` of the prelude printed: `#item <name length> <exit> <output length>\n<name>\n<output>\n`. Lengths go first,
 * so that no name and no output, however hostile, can pass for a frame. Throws ParseError on anything else, a cut end included.
 */
export function parseItems(stdout: Uint8Array): Item[] {
  const items: Item[] = [];
  let at = 0;
  while (at < stdout.length) {
    const end = stdout.indexOf(newline, at);
    const head = /^#item (\d{1,9}) (\d{1,3}) (\d{1,9})$/.exec(
      latin1(stdout.subarray(at, end < 0 ? stdout.length : end)),
    );
    if (end < 0 || !head) throw new ParseError(`item ${items.length + 1} has no head`);
    const nameEnd = end + 1 + Number(head[1]);
    const outputEnd = nameEnd + 1 + Number(head[3]);
    if (stdout[nameEnd] !== newline || stdout[outputEnd] !== newline)
      throw new ParseError(`item ${items.length + 1} is cut`);
    items.push({
      name: hostText(stdout.subarray(end + 1, nameEnd)),
      exit: Number(head[2]),
      bytes: stdout.subarray(nameEnd + 1, outputEnd),
    });
    at = outputEnd + 1;
  }
  return items;
}

/** An item as `item` of the prelude prints it: for examples, tests and the simulated fleet. One char a byte; strip trailing new lines, as `$(...)` does. */
export function printItem(name: string, output: string, exit = 0): string {
  const body = output.replace(/\n+$/, "");
  return `#item ${name.length} ${exit} ${body.length}\n${name}\n${body}\n`;
}

/** One char a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** Bytes of a Latin-1 string, for fixtures. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Well-formed UTF-8 sequences (RFC 3629), or one byte that belongs to none. */
const sequence =
  /[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/**
 * Host text as a string: UTF-8 where it is; each byte that is not stands as `\xHH`, so that different names stay different, and one name reads the same
 * whatever stands around it. `mark` is what the two digits follow.
 */
export function hostText(bytes: Uint8Array, mark = "\\x"): string {
  try {
    return strict.decode(bytes);
  } catch {
    return latin1(bytes).replace(sequence, (part) => {
      if (part.charCodeAt(0) < 0x80) return part;
      return part.length > 1 ? strict.decode(bytesOf(part)) : `${mark}${part.charCodeAt(0).toString(16)}`;
    });
  }
}

/** Host text that is JSON: as `hostText`, with the backslash of `\xHH` escaped, for JSON knows no such escape. */
export const jsonText = (bytes: Uint8Array): string => hostText(bytes, "\\\\x");
