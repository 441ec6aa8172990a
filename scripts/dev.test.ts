import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { restartsFor } from "./dev-restarts.mjs";

const script = fileURLToPath(new URL("dev.mjs", import.meta.url));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: "utf8", timeout: 20_000 });

describe("npm run dev", () => {
  it("explains its flags, and names one that it cannot use", () => {
    expect(run("--help").stdout).toMatch(/--port[\s\S]*--data[\s\S]*--hosts/);
    for (const wrong of [
      ["--prot", "1"],
      ["--hosts", "many"],
    ]) {
      const { status, stderr } = run(...wrong);
      expect([status, stderr]).toEqual([3, expect.stringContaining(wrong[0] ?? "")]);
    }
  });

  it("starts again what is made from a bundle that has changed, and nothing else", () => {
    const all = ["server", "collector", "web", "store-worker", "cli"];
    const before = new Map(all.map((name) => [name, "old"]));
    const changed = (...names: string[]) => new Map(all.map((name) => [name, names.includes(name) ? "new" : "old"]));
    const children = (...names: string[]) => restartsFor(before, changed(...names)).children;
    expect(children()).toEqual([]);
    expect(children("cli")).toEqual([]);
    expect(children("web")).toEqual(["web"]);
    expect(children("store-worker")).toEqual(["collector"]);
    expect(children("collector", "web")).toEqual(["collector", "web"]);
    expect(restartsFor(before, changed("server", "web"))).toEqual({ supervisor: true, children: [] });
  });
});
