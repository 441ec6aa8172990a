import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
/** A tree of its own with what the script and the frames ask for, so that nothing is written into ours. */
const tree = mkdtempSync(join(tmpdir(), "taproot-new-check-"));
for (const path of ["scripts/new-check.mjs", "lib", "e2e/lab/cases.ts", "e2e/lab/config.ts", "tsconfig.json"]) {
  mkdirSync(join(tree, path, ".."), { recursive: true });
  cpSync(join(root, path), join(tree, path), { recursive: true });
}
afterAll(() => rmSync(tree, { recursive: true }));

const run = (...words: string[]) =>
  spawnSync(process.execPath, [join(tree, "scripts/new-check.mjs"), ...words], { encoding: "utf8" });

describe("npm run new:check", () => {
  it("tells its use, and writes nothing for a layer or an id that is none", () => {
    const help = run("--help");
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining("e2e/lab/cases/<id>.ts")]);
    for (const words of [[], ["bridge"], ["nowhere", "some-fault"], ["bridge", "Some Fault"]]) {
      const { status, stderr } = run(...words);
      expect([status, stderr]).toEqual([1, expect.stringContaining("usage: ")]);
    }
  });

  it("writes a check, its examples, and a lab case that loads and says that it is not written yet", async () => {
    expect(run("bridge", "made-up").status).toBe(0);
    expect(readFileSync(join(tree, "lib/checks/bridge/made-up.ts"), "utf8")).toContain('lab: { case: "made-up" }');
    const { labCase } = (await import(join(tree, "e2e/lab/cases/made-up.ts"))) as {
      labCase: { readonly id: string; readonly check: string; inject(): unknown };
    };
    expect([labCase.id, labCase.check]).toEqual(["made-up", "made-up"]);
    expect(() => labCase.inject()).toThrow("not written yet");
    const { check } = (await import(join(tree, "lib/checks/bridge/made-up.ts"))) as { check: { readonly id: string } };
    expect(check.id).toBe("made-up");
    const { examples } = (await import(join(tree, "lib/checks/bridge/made-up.examples.ts"))) as {
      examples: Record<string, readonly { readonly subject: string }[]>;
    };
    expect(Object.values(examples).map((some) => some[0]?.subject)).toEqual(["bridge/br0", "bridge/br0", "host/self"]);
    const again = run("bridge", "made-up");
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining("is there already")]);
  });
});
