import { ParseError } from "./define";

/**
 * How deep a value may be nested. The deepest that tools print is nft's expressions, some fifteen levels. What reads, checks and compares values goes down by calling itself, and no output
 * may decide how far.
 */
const depthMost = 64;
/**
 * How many values one output may hold: nft prints some 13 bytes a value, so its 64 MB hold 5 million, 250,000 rules. A value costs up to 130 bytes of memory, whatever its length in the text.
 */
const valuesMost = 6_000_000;

const quote = 34;
const backslash = 92;

/** `JSON.parse` for what a host printed. Throws ParseError for what is too deep or has too many values, before any of it takes memory; SyntaxError, as JSON.parse does, for what is no JSON. */
export function parseJson(text: string): unknown {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === 44 /* , */) values++;
    else if (code === 91 /* [ */ || code === 123 /* { */) {
      values++;
      depth++;
      if (depth > depthMost) throw new ParseError(`nested more than ${depthMost} deep`);
    } else if (code === 93 /* ] */ || code === 125 /* } */) depth--;
    if (values > valuesMost) throw new ParseError(`more than ${valuesMost} values`);
  }
  return JSON.parse(text) as unknown;
}

/** Position of the quote that ends the string begun at `from`, or the end of the text. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) return at;
  }
  return text.length;
}
