/** Functions over 60 lines and files over 400 say beside them why they are not shorter: `// Long: because ...`. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const longestFunction = 60;
const longestFile = 400;
/** A reason has words: "Long: yes" is none. */
const reason = /\bLong: \S+ \S+ \S+/;

/** What is too long in a file and has no reason beside it, as `line: name, lines`. */
function tooLong(path: string, text: string): string[] {
  const lines = text.split("\n");
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const count = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  // The head of a file is what stands above its first statement, and its imports.
  if (count > longestFile && !reason.test(lines.slice(0, 30).join("\n"))) found.push(`the file, ${count} lines`);
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body && !isDescribe(node)) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = source.getLineAndCharacterOfPosition(node.end).line;
      const size = last - first + 1;
      const inside = source.getLineAndCharacterOfPosition(node.body.getStart()).line;
      const beside = `${commentOf(node)}\n${lines.slice(inside, inside + 2).join("\n")}`;
      if (size > longestFunction && !reason.test(beside)) found.push(`${first + 1}: ${nameOf(node)}, ${size} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The comment above the statement or member that the function is, or is the value of. */
function commentOf(node: ts.Node): string {
  let at = node;
  while (at.parent && !ts.isStatement(at) && !ts.isClassElement(at)) at = at.parent;
  return at.getFullText().slice(0, at.getLeadingTriviaWidth());
}

/** `describe(...)` is a folder of tests, and no function that anybody has to hold in mind. */
function isDescribe(node: ts.Node): boolean {
  const call = node.parent;
  return ts.isCallExpression(call) && /^describe\b/.test(call.expression.getText());
}

const nameOf = (node: ts.Node & { readonly name?: ts.Node }): string =>
  node.name?.getText() ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "a callback");

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

describe("what is long", () => {
  it("is seen, and is let be only with a reason", () => {
    const body = Array.from({ length: 61 }, (_, at) => `  f(${at});`).join("\n");
    const of = (text: string) => tooLong("a.ts", text);
    expect(of(`export function long() {\n${body}\n}\n`)).toEqual(["1: long, 63 lines"]);
    expect(of(`const long = () => {\n${body}\n};\n`)).toEqual(["1: long, 63 lines"]);
    expect(of(`it("x", () => {\n${body}\n});\n`)).toEqual(["1: a callback, 63 lines"]);
    expect(of(`describe("x", () => {\n${body}\n});\n`)).toEqual([]);
    expect(of(`/** Adds. Long: one row for each kind. */\nfunction long() {\n${body}\n}\n`)).toEqual([]);
    expect(of(`function long() {\n  // Long: one row for each kind.\n${body}\n}\n`)).toEqual([]);
    expect(of(`// Long: yes\nfunction long() {\n${body}\n}\n`)).toEqual(["2: long, 63 lines"]);
    expect(of("f();\n".repeat(400))).toEqual([]);
    expect(of("f();\n".repeat(401))).toEqual(["the file, 401 lines"]);
    expect(of(`// Long: one table of names.\n${"f();\n".repeat(401)}`)).toEqual([]);
  });

  it("has a reason everywhere in the tree", { timeout: 120_000 }, () => {
    const files = ["app", "components", "lib", "server", "e2e", "scripts"].flatMap((name) => sources(join(root, name)));
    expect(files.length).toBeGreaterThan(800);
    const found = files.flatMap((path) => {
      const text = readFileSync(path, "utf8");
      // Registries and words, written by scripts/registries.mjs.
      if (text.startsWith("// Made by ")) return [];
      return tooLong(path, text).map((what) => `${relative(root, path)} ${what}`);
    });
    expect(found).toEqual([]);
  });
});
