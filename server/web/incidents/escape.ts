/**
 * Text from hosts, guests and people inside Markdown. Names and log lines may hold anything at all: none of it may become markup, HTML, a link,
 * a table cell of its own, or turn the reading direction of what follows.
 */

/** Control characters and those that reorder or hide text, made visible as \u{..}. Line breaks and tabs stay for the caller to judge. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** One line of plain text. A scheme's "://" and a leading "www." are broken up, so that no viewer makes a link of them. */
export function inline(text: string): string {
  return visible(text)
    .replace(/[\n\t]+/g, " ")
    .replace(/[\\`*_[\]<>|~#&]/g, "\\$&")
    .replace(/:\/\//g, ":\\/\\/")
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`)
    .replace(/@/g, "&#64;");
}

/** A code span, with more backticks around it than it holds inside. */
export function code(text: string): string {
  const flat = visible(text).replace(/[\n\t]+/g, " ");
  const fence = "`".repeat(longestRun(flat) + 1);
  const pad = flat === "" || /^[` ]|[` ]$/.test(flat) ? " " : "";
  return `${fence}${pad}${flat}${pad}${fence}`;
}

/** Code spans inside a table: a pipe would end the cell even there (GFM, 4.10). */
export const codeCell = (spans: string): string => spans.replace(/\|/g, "\\|");

/** A fenced block, with a longer fence than anything inside. */
export function block(text: string, language = "text"): string {
  const body = visible(text.replace(/\r\n?/g, "\n")).replace(/\n+$/, "");
  const fence = "`".repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** A person's words of several lines, as a quotation. */
export function quote(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => `> ${inline(line)}`.trimEnd())
    .join("\n");
}

const longestRun = (text: string) => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
