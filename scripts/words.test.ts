/** Words that are hard to read on a screen, in every text that has two languages: checks, remedies, screens, reasons. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Forbidden, and what to write instead. A name in braces is a place and not a word. */
const plain: readonly (readonly [RegExp, string])[] = [
  [/\b(who|whoever|whom|whomever)\b/i, "name the thing: the user, the machine, the process"],
  [/\b(is|are|was|were|be) told\b/i, "reported"],
  [/\bours\b/i, "Taproot's"],
  [/\b(hang|hangs|hung|hanging)\b/i, "stalls, has stopped; or: is attached to"],
  [/\b(spoilt|learnt|imitated|mute)\b/i, "corrupt, unknown, emulated, does not answer"],
];

/** Forbidden words in the English of the texts of one file, as `line: word: what to write`. */
function hardWords(path: string, text: string): string[] {
  // Most files hold none of them anywhere, and need not be read as a program.
  if (!plain.some(([hard]) => hard.test(text))) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "en") {
      const words = node.initializer.getText().replace(/\{[a-zA-Z]+\}/g, "{}");
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      for (const [hard, better] of plain) {
        const word = hard.exec(words)?.[0];
        if (word !== undefined) found.push(`${line}: "${word}": ${better}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

it("finds a hard word in a text, and none in a place or a comment", () => {
  expect(hardWords("a.ts", 'const t = { en: "Whoever has it", zh: "" };')).toEqual([
    expect.stringContaining("Whoever"),
  ]);
  expect(hardWords("a.ts", 'const t = { en: "two of ours hang", zh: "" };')).toHaveLength(2);
  expect(hardWords("a.ts", '// who\nconst t = { en: "{who} may open it", zh: "who" };')).toEqual([]);
});

it("screens, titles, messages and repairs are in plain words", { timeout: 120_000 }, () => {
  const files = ["lib", "server", "components"].flatMap((name) => sources(join(root, name)));
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((path) =>
    hardWords(path, readFileSync(path, "utf8")).map((what) => `${relative(root, path)}:${what}`),
  );
  expect(found).toEqual([]);
});
