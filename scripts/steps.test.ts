import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { needsOf, programs, steps } from "./steps.mjs";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const names = (...of: string[]) => needsOf(of).map(({ name }) => name);
const npmTest = (args: string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, [path("test.mjs"), ...args], { encoding: "utf8", timeout: 60_000, env });

describe("the steps of npm test", () => {
  it("need no Debian package for the house rules, and a hypervisor only where one is started", () => {
    expect(names("registries", "docs", "accuracy", "lint", "types", "deps")).toEqual([]);
    expect(names("unit")).toEqual(["openssh-client"]);
    const hypervisors = Object.keys(steps).filter((step) => names(step).includes("qemu-system-x86"));
    expect(hypervisors).toEqual(["lab", "real"]);
    const browsers = Object.keys(steps).filter((step) => names(step).includes("chromium"));
    expect(browsers).toEqual(["ui", "real"]);
  });

  it("use every program that is listed", () => {
    const used = new Set(needsOf(Object.keys(steps)).map(({ need }) => need));
    expect(Object.keys(programs).filter((program) => !used.has(program))).toEqual([]);
  });

  it("name a missing package of the chosen step alone, and install nothing when told so", () => {
    // No program at all is found there, so whatever a step needs is missing; "deps" needs nothing and npx cannot be started.
    const lint = npmTest(["--no-install", "deps"], { ...process.env, PATH: "/nowhere" });
    expect(lint.stdout + lint.stderr).not.toMatch(/Debian package/);
    const unit = npmTest(["--no-install", "unit"], { ...process.env, PATH: "/nowhere" });
    expect(unit.stderr).not.toMatch(/qemu|chromium/);
    expect(unit.stdout + unit.stderr).not.toMatch(/apt-get|installing/);
  });

  it("are listed with the time that each takes", () => {
    const { stdout } = npmTest(["--list"]);
    expect(stdout).toMatch(/^types +24 s {2}types, strict$/m);
    expect(stdout).toMatch(/^lab +42 min {2}/m);
    for (const step of Object.keys(steps)) expect(npmTest(["--help"]).stdout).toContain(step);
  });

  it("that npm run check takes need no root", () => {
    const { scripts } = JSON.parse(readFileSync(path("../package.json"), "utf8")) as { scripts: { check: string } };
    const chosen = scripts.check.split(" ").filter((word) => word in steps);
    expect(chosen).toEqual(expect.arrayContaining(["lint", "types", "deps", "unit"]));
    expect(chosen.filter((step) => steps[step]?.root)).toEqual([]);
    expect(scripts.check).toContain("--no-install");
  });
});
