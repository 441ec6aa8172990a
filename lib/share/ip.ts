/** Addresses as bytes: 4 or 16 of them. */
export type Bytes = readonly number[];

export function parse4(text: string): Bytes | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
}

/** RFC 4291, with a dotted tail as well. No zone, no prefix. */
export function parse6(text: string): Bytes | undefined {
  const halves = text.split("::");
  if (halves.length > 2 || !/^[\da-f:.]+$/i.test(text)) return undefined;
  const sides = halves.map(words);
  const [left, right = []] = sides;
  if (left === undefined || sides.includes(undefined)) return undefined;
  const tail = right ?? [];
  const missing = 16 - left.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...left, ...Array<number>(missing).fill(0), ...tail];
}

function words(side: string): number[] | undefined {
  if (side === "") return [];
  const parts = side.split(":");
  const out: number[] = [];
  for (const [at, part] of parts.entries()) {
    const four = at === parts.length - 1 && part.includes(".") ? parse4(part) : undefined;
    if (four) out.push(...four);
    else if (/^[\da-f]{1,4}$/i.test(part)) out.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255);
    else return undefined;
  }
  return out;
}

export const format4 = (bytes: Bytes): string => bytes.join(".");

/** As RFC 5952 writes it: the longest run of zeros is "::". */
export function format6(bytes: Bytes): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0));
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.at < 0) return hex.join(":");
  return `${hex.slice(0, best.at).join(":")}::${hex.slice(best.at + best.length).join(":")}`;
}

/** The first `length` bits, the rest zero. */
export const network = (bytes: Bytes, length: number): Bytes =>
  bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, length - 8 * at))) & 0xff);
