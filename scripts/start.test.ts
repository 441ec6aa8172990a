import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("start.mjs", import.meta.url));
const run = (args: string[], before: string[] = []) =>
  spawnSync(process.execPath, [...before, script, ...args], { encoding: "utf8", timeout: 20_000 });

/** Makes this Node say that it is another one. */
const pretend = (version: string) => [
  "--import",
  `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`,
];

describe("npm start", () => {
  it.each(["18.20.4", "20.8.9", "12.22.0"])("says in one line that Node %s is too old", (version) => {
    const done = run([], pretend(version));
    expect(done.status).toBe(3);
    expect(done.stderr).toBe(`taproot: Node 20.9 or newer is needed, this is v${version}\n`);
  });

  it.each(["20.9.0", "22.0.0", "100.0.0"])("takes Node %s", (version) => {
    expect(run(["--help"], pretend(version)).status).toBe(0);
  });

  it("is written so that an old Node can read it", () => {
    // What came after ES2017 and would be a syntax error there.
    expect(readFileSync(script, "utf8")).not.toMatch(/\?\.|\?\?|^import |^await |\bcatch \{/m);
  });

  it("explains its flags, and names one that it does not know", () => {
    expect(run(["--help"]).stdout).toMatch(/--port[\s\S]*--data[\s\S]*--no-build/);
    const wrong = run(["--prot", "1"]);
    expect(wrong.status).toBe(3);
    expect(wrong.stderr).toMatch(/^taproot: .*--prot.*\n$/);
  });
});
