/**
 * Every scaffold of `npm run new`, in a copy of the tree: what it writes passes registries, docs, types, lint and the contracts as it is, and no file
 * had to be edited for it. All scaffolds share one run of each tool, for a run of the types takes half a minute.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

interface Scaffold {
  readonly about: string;
  readonly usage: string;
  readonly samples: readonly (readonly string[])[];
  readonly contracts: readonly string[];
}
const things = readdirSync(join(root, "scripts/scaffolds")).map((name) => name.replace(/\.mjs$/, ""));
const scaffolds = new Map<string, Scaffold>(
  await Promise.all(
    things.map(async (thing) => [thing, (await import(`./scaffolds/${thing}.mjs`)) as Scaffold] as const),
  ),
);

/** Folders that are no source: built, installed, written by runs, or pictures of the documents. */
const aside = new Set(["node_modules", ".next", ".git", "data", "dist", "test-results", "test-results-json", "images"]);
const entries = readdirSync(root).filter((name) => !aside.has(name));

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return aside.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}
const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const execute = promisify(execFile);
/** Runs a program in the copy. Does not throw: what it said and how it ended is what the tests look at. */
async function run(program: string, ...args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await execute(program, args, { cwd: tree, maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number | string; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { code, out: stdout ?? "", err: stderr ?? "" };
  }
}
const make = (...words: readonly string[]) => run(process.execPath, "scripts/new.mjs", ...words);
const state = () => new Map(filesIn(tree).map((path) => [relative(tree, path), digest(path)]));

const tree = mkdtempSync(join(tmpdir(), "taproot-scaffolds-"));
beforeAll(() => {
  const source = (path: string) => !aside.has(path.split("/").pop() ?? "");
  for (const name of entries) cpSync(join(root, name), join(tree, name), { recursive: true, filter: source });
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe("npm run new", () => {
  it("names every thing, and refuses one that it does not know", async () => {
    const help = await make("--help");
    expect(help.code).toBe(0);
    for (const [thing, { about }] of scaffolds) {
      expect(help.out).toContain(`  ${thing} `);
      expect(help.out).toContain(about);
      expect(packages.scripts[`new:${thing}`]).toBe(`node scripts/new.mjs ${thing}`);
    }
    const wrong = await make("castle", "in-the-air");
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('no scaffold for "castle"')]);
    expect((await make()).code).toBe(1);
  });

  it.each([...scaffolds])(
    "%s: tells its use, and writes nothing for words that are wrong",
    async (thing, { usage }) => {
      const before = state();
      const help = await make(thing, "--help");
      expect([help.code, help.out]).toEqual([0, expect.stringContaining(usage)]);
      const wrong = ["../../../etc/passwd", "Some Fault", "$(id)"];
      for (const words of [[], wrong.slice(0, 1), wrong.slice(0, 2), wrong, Array.from({ length: 9 }, () => "x")]) {
        const { code, err } = await make(thing, ...words);
        expect([code, err]).toEqual([1, expect.stringContaining(`usage: npm run new:${thing} -- `)]);
      }
      expect(state()).toEqual(before);
    },
  );

  it("what it writes is green as it is, and nothing else was edited", { timeout: 900_000 }, async () => {
    const before = state();
    const written: string[] = [];
    for (const [thing, { samples }] of scaffolds)
      for (const words of samples) {
        const made = await make(thing, ...words);
        expect([made.code, made.err]).toEqual([0, ""]);
        const paths = made.out.split("\n\n")[0]?.split("\n") ?? [];
        expect(paths.length, thing).toBeGreaterThan(0);
        written.push(...paths);
        const again = await make(thing, ...words);
        expect([again.code, again.err]).toEqual([1, expect.stringContaining("is there already")]);
      }

    for (const program of [
      ["node", "scripts/registries.mjs"],
      ["npx", "tsx", "scripts/docs.ts"],
      ["npx", "tsx", "e2e/lab/report.ts"],
    ]) {
      const [name = "", ...args] = program;
      expect(await run(name, ...args)).toMatchObject({ code: 0 });
    }
    const edited = [...state()].filter(([path, sum]) => before.get(path) !== sum).map(([path]) => path);
    expect(edited).toEqual(expect.arrayContaining(written));
    const others = edited.filter((path) => !written.includes(path) && !path.startsWith("docs/"));
    const made = others.filter((path) => readFileSync(join(tree, path), "utf8").startsWith("// Made by "));
    expect(others, "only what is made from the units may change").toEqual(made);

    const contracts = [...new Set([...scaffolds.values()].flatMap((one) => one.contracts))];
    const checks = {
      lint: await run("npx", "biome", "check", "--error-on-warnings", ...written),
      types: await run("npx", "tsc", "-p", ".", "--tsBuildInfoFile", join(tree, "types.tsbuildinfo")),
      contracts: await run("npx", "vitest", "run", "--project", "unit", ...contracts),
    };
    for (const [what, { code, out, err }] of Object.entries(checks)) expect(code, `${what}: ${out}${err}`).toBe(0);
  });
});

it("no frame is left unfilled in the tree", () => {
  const folders = ["app", "components", "lib", "server", "e2e"].map((name) => join(root, name));
  const sources = folders.flatMap(filesIn).filter((path) => /\.tsx?$/.test(path));
  expect(sources.length).toBeGreaterThan(500);
  const frames = sources.filter((path) => readFileSync(path, "utf8").startsWith("// FRAME: "));
  expect(frames.map((path) => relative(root, path))).toEqual([]);
});
