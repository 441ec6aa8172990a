/**
 * Host text (interface, VM and LLDP names, log lines) may hold control characters, bidirectional overrides and characters without
 * width: a name that reads "web-01" and is none. On the page such characters are shown as an escape instead of taking effect.
 */

/** Zero width, invisible, direction-changing and tag characters. Line and paragraph separators belong here: they break a row in two. */
const hidden =
  /[\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\u180b-\u180d]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]|[\ufff0-\ufff8]/gu;
const control = /[\u0000-\u001f\u007f-\u009f]/g;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const short = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escaped(match: string): string {
  const known = short.get(match);
  if (known) return known;
  const code = match.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/**
 * Text with everything invisible made visible as `\x1b`, `\u202e`. An empty string becomes `""`, because an empty name looks like no name.
 * `lines: true` keeps line feeds and tabs, for excerpts in a <pre>.
 */
export function visible(text: string, options: { readonly lines?: boolean } = {}): string {
  if (text === "") return options.lines ? "" : '""';
  const shown = options.lines ? text.replace(/\r\n/g, "\n") : text;
  return shown
    .replace(loneSurrogate, escaped)
    .replace(control, (c) => (options.lines && (c === "\n" || c === "\t") ? c : escaped(c)))
    .replace(hidden, escaped);
}

/** JSON text with everything invisible that JSON itself lets stand (DEL, C1 controls, direction, zero width) as `\\uXXXX`: still the same JSON, and nothing that a terminal obeys. */
export function visibleJson(json: string): string {
  const unit = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json
    .replace(loneSurrogate, unit)
    .replace(control, unit)
    .replace(hidden, (match) => match.split("").map(unit).join(""));
}

/** At most `max` characters (code points), the cut marked in the middle: the ends of interface and VM names are what tells them apart. */
export function shorten(text: string, max: number): string {
  const points = [...text];
  if (points.length <= max) return text;
  const tail = Math.floor((max - 1) / 2);
  return `${points.slice(0, max - 1 - tail).join("")}…${tail ? points.slice(-tail).join("") : ""}`;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]|[\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes in a fixed-width face: East Asian characters take two. */
export const cells = (text: string): number => [...text].reduce((sum, c) => sum + (wide.test(c) ? 2 : 1), 0);

/** Shortens to at most `columns` columns. */
export function fitColumns(text: string, columns: number): string {
  if (cells(text) <= columns) return text;
  let max = Math.min(columns, [...text].length);
  while (max > 1 && cells(shorten(text, max)) > columns) max--;
  return shorten(text, max);
}
