import { visible } from "@/lib/text/visible";

export { visible };

/** Host text that may have several lines, each made visible by itself. Tabs become spaces; a last new line is no line. */
export function visibleLines(text: string): string[] {
  return text
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .map((line) => (line === "" ? "" : visible(line.replaceAll("\t", "  "))));
}
