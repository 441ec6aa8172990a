/**
 * Everything that a terminal could take as a command or that would change the order of what is read: C0 and C1 controls, DEL, line and
 * paragraph separators, bidirectional controls, zero-width characters, lone surrogates.
 */
const unsafe =
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const short = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** Host text for one line of a terminal: controls are shown (`\x1b`, `\u202e`) instead of sent. */
export function visible(text: string): string {
  return text.replace(unsafe, (char) => {
    const named = short.get(char);
    if (named !== undefined) return named;
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Host text that may have several lines: each is made visible by itself. Tabs become spaces. */
export function visibleLines(text: string): string[] {
  return text
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .map((line) => visible(line.replaceAll("\t", "  ")));
}
