import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemsOf } from "@/lib/problems/derive";
import { sampleSnapshot } from "../testing";
import { block, code, codeCell, inline, quote } from "./escape";
import { markdownOf } from "./markdown";

describe("text inside Markdown", () => {
  it("is no markup, HTML, link or mention", () => {
    expect(inline("<img src=x onerror=alert(1)>")).toBe("\\<img src=x onerror=alert(1)\\>");
    expect(inline("[a](javascript:b)")).toBe("\\[a\\](javascript:b)");
    expect(inline("**bold** | cell `x`")).toBe("\\*\\*bold\\*\\* \\| cell \\`x\\`");
    expect(inline("see https://evil.example or www.evil.example, @all")).toBe(
      "see https:\\/\\/evil.example or www\\.evil.example, &#64;all",
    );
    expect(inline("a\n# b")).toBe("a \\# b");
  });

  it("shows what would hide or turn text around", () => {
    expect(inline("a\u202eb\u0007\u001b[31m")).toBe("a\\\\u{202e}b\\\\u{7}\\\\u{1b}\\[31m");
  });

  it("stays inside its code span, block, cell and line, whatever it is", () => {
    const hostile = fc.string({ unit: fc.constantFrom("`", "|", "\\", "\n", " ", "a", "<", "~", "\r", "#", "*") });
    fc.assert(
      fc.property(hostile, (text) => {
        const span = code(text);
        const fence = /^`+/.exec(span)?.[0] ?? "";
        const inner = span.slice(fence.length, -fence.length);
        expect(span.endsWith(fence)).toBe(true);
        expect(inner.match(/`+/g)?.includes(fence) ?? false).toBe(false);
        expect(codeCell(span)).not.toMatch(/(?<!\\)\|/);
        expect(span + inline(text)).not.toMatch(/[\n\r]/);
        const [first = "", ...rest] = block(text).split("\n");
        const close = first.replace("text", "");
        expect(rest.indexOf(close)).toBe(rest.length - 1);
        for (const line of quote(text).split("\n")) expect(line.startsWith(">")).toBe(true);
        // Every special character in plain text has its backslash.
        expect(inline(text).replace(/\\[\\`*_[\]<>|~#&/]/g, "")).not.toMatch(/[\\`*_[\]<>|~#]/);
      }),
    );
  });

  it("keeps an incident's tables whole, whatever hosts and guests are called", () => {
    const name = "x|y`z`\n| a | b |<script>";
    const snapshot = sampleSnapshot();
    const finding = snapshot.findings[0];
    if (!finding) throw new Error("sample without finding");
    const findings = [
      { ...finding, subject: name, message: name, evidence: [{ command: name, excerpt: "```\n# out" }] },
      { ...finding, key: "tail", cause: finding.key, message: name },
    ];
    const text = markdownOf(
      {
        version: 2,
        takenAt: Number.NaN,
        madeBy: name,
        note: name,
        selection: name,
        snapshot: {
          ...snapshot,
          host: { ...snapshot.host, name, reason: name },
          nodes: snapshot.nodes.map((node) => ({ ...node, name })),
          findings,
          problems: problemsOf(findings),
        },
      },
      "http://localhost/share/x",
    );
    const rows = text.split("\n").filter((line) => line.startsWith("| fail"));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.match(/(?<!\\)\|/g)).toHaveLength(7);
    const outside = text.replace(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, "").replace(/(`+)[^`][\s\S]*?\1/g, "");
    expect(outside).not.toMatch(/(?<!\\)<script/);
  });
});
