/**
 * Says whether the schemas of the wire are those that its number stands for; without --check it raises the number where
 * they are not. npm run wire [-- --check]
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as z from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = join(root, "lib/wire/version.ts");
/** Between processes of one build only, or with a version of their own, or no schemas. */
const apart = new Set(["bus.ts", "scan.ts", "version.ts"]);
/** What is stored has versions of its own. */
const stored = /^stored[/\\]/;

/** Every schema in what a module exports, by where it stands. */
function* schemasIn(value: unknown, path: string, depth = 0): Generator<[string, z.ZodType]> {
  if (value instanceof z.ZodType) yield [path, value];
  else if (typeof value === "object" && value !== null && depth < 5)
    for (const [key, one] of Object.entries(value)) yield* schemasIn(one, `${path}.${key}`, depth + 1);
}

/** Hash over the JSON Schema of everything that page and server say to one another. */
export async function hashOfWire(): Promise<string> {
  const found: [string, string][] = [];
  const folder = join(root, "lib/wire");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !apart.has(name) && !stored.test(name),
  );
  for (const name of names) {
    const module: Record<string, unknown> = await import(pathToFileURL(join(folder, name)).href);
    for (const [at, schema] of schemasIn(module, name))
      for (const io of ["input", "output"] as const)
        found.push([`${at} ${io}`, JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" }))]);
  }
  if (found.length < 40) throw new Error(`only ${found.length} schemas were found: this looks into the wrong places`);
  const hash = createHash("sha256");
  for (const [at, text] of found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) hash.update(`${at}\0${text}\0`);
  return hash.digest("hex").slice(0, 32);
}

async function main(): Promise<void> {
  const hash = await hashOfWire();
  const text = readFileSync(file, "utf8");
  if (text.includes(`hash: "${hash}"`)) return console.log("the wire is what its number stands for");
  if (process.argv.includes("--check")) {
    console.error("the wire has changed: npm run wire raises its number");
    process.exit(1);
  }
  const version = Number(/version: (\d+)/.exec(text)?.[1]) + 1;
  writeFileSync(file, text.replace(/version: \d+/, `version: ${version}`).replace(/hash: ".*"/, `hash: "${hash}"`));
  console.log(`the wire is version ${version} now`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
