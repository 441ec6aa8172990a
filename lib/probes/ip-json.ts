import { z } from "zod";
import { ParseError, type RawOutput } from "./define";
import { jsonText } from "./items";
import { parseJson } from "./json";

/**
 * JSON as iproute2 and its like print it. With a control byte in an interface name it is invalid JSON (the byte stands raw inside the
 * string): such bytes are escaped first. An empty output is what older iproute2 prints for an empty list.
 */
export function looseJson(raw: RawOutput): unknown {
  const text = jsonText(raw.stdout);
  if (text.trim() === "") return [];
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof ParseError) throw error;
    // Slow path, only where the plain one failed. New lines stand between values and must stay.
    const escaped = jsonText(escapeControls(raw.stdout));
    try {
      return parseJson(escaped);
    } catch (error) {
      if (error instanceof ParseError) throw error;
      throw new ParseError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const hex = "0123456789abcdef";

/** Byte by byte: a regular expression takes longer than in proportion where there is much to replace (0.2 ms for 2 kB of tabs, 29 ms for 20 kB). New lines stay. */
function escapeControls(bytes: Uint8Array): Uint8Array {
  const isControl = (byte: number) => byte < 0x20 && byte !== 0x0a;
  let count = 0;
  for (const byte of bytes) if (isControl(byte)) count++;
  const out = new Uint8Array(bytes.length + count * 5);
  let to = 0;
  for (const byte of bytes)
    if (isControl(byte)) for (const one of `\\u00${hex[byte >> 4]}${hex[byte & 15]}`) out[to++] = one.charCodeAt(0);
    else out[to++] = byte;
  return out;
}

/** A JSON array of `item`. Empty objects, which iproute2 prints for filtered entries, are left out; any other misfit throws ParseError. */
export function parseIpJson<S extends z.ZodType>(raw: RawOutput, item: S): z.output<S>[] {
  const value = looseJson(raw);
  if (!Array.isArray(value)) throw new ParseError("not a JSON array");
  const kept = value.filter(
    (entry) => !(entry !== null && typeof entry === "object" && Object.keys(entry).length === 0),
  );
  const read = z.array(item).safeParse(kept);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new ParseError(`entry ${issue?.path.join(".") ?? "?"}: ${issue?.message ?? "does not fit"}`);
  }
  return read.data;
}
