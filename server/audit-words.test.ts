import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { remedies } from "@/lib/remedies/registry";
import { actionWords, hasActionWords, outcomeWords } from "@/lib/text/audit";

const root = fileURLToPath(new URL(".", import.meta.url));
const written = [
  /audited\(\s*deps,\s*"([^"]+)"/g,
  /\bnote\((?:deps, )?who,\s*"([^"]+)"/g,
  /\bopen\(deps, params, "([^"]+)"\)/g,
];

/** Every action that the server writes into the audit log by name, from its sources. */
const named = new Set(
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return written.flatMap((form) => [...text.matchAll(form)].flatMap((match) => match[1] ?? []));
    }),
);

describe("the audit log in words", () => {
  it("has words for every action that the server writes down", () => {
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((what) => !hasActionWords(what))).toEqual([]);
  });

  it("names remedies by their titles, and leaves alone what it does not know", () => {
    const [remedy] = remedies;
    expect(actionWords(`remedy ${remedy?.id}`, "zh")).toBe(remedy?.title.zh);
    expect(actionWords("remedy of-another-release", "zh")).toBe("remedy of-another-release");
    expect(actionWords("constructor", "en")).toBe("constructor");
    expect(actionWords("demo.start", "en")).toBe("demo fleet started");
  });

  it("keeps what a host said beside how it ended", () => {
    expect(outcomeWords("done", "zh")).toBe("完成");
    expect(outcomeWords("refused: there is no host a: b", "zh")).toBe("被拒绝: there is no host a: b");
    expect(outcomeWords("kept: it works", "en")).toBe("Kept: it works");
    expect(outcomeWords("something else", "zh")).toBe("something else");
  });
});
