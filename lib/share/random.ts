/**
 * Bytes that nobody can tell from random without the salt, and that are the same for the same salt and text (HMAC-SHA-256, given from outside: this folder
 * imports no program's built-ins). At least 32 bytes.
 */
export type Keyed = (text: string) => Uint8Array;

/** One bit of a string of bytes. */
const bit = (bytes: Uint8Array, at: number): number => ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;

/**
 * A byte turned so that two bytes with the same first bits have the same first bits afterwards: each bit is flipped or not, by what stands before it. The
 * 255 places of that tree fit into one answer of `keyed`, which is asked for what stands before the byte.
 */
export function maskByte(byte: number, before: string, keyed: Keyed): number {
  const flips = keyed(before);
  let node = 1;
  let out = 0;
  for (let at = 7; at >= 0; at--) {
    const here = (byte >> at) & 1;
    out = (out << 1) | (here ^ bit(flips, node));
    node = (node << 1) | here;
  }
  return out;
}

/** An unsigned number of `bytes` bytes out of an answer. */
export function numberOf(answer: Uint8Array, from: number, bytes: number): number {
  let value = 0;
  for (let at = from; at < from + bytes; at++) value = value * 256 + (answer[at] ?? 0);
  return value;
}
