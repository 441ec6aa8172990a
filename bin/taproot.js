#!/usr/bin/env node
// Starts the taproot command from dist/. In a source checkout it is built first. Plain old syntax: a Node that is too old must still get as
// far as the message.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = [20, 9];
const here = process.versions.node.split(".").map(Number);

function fail(message) {
  process.stderr.write(`taproot: ${message}\n`);
  process.exit(2);
}

if (here[0] < needed[0] || (here[0] === needed[0] && here[1] < needed[1])) {
  fail(`Node ${needed.join(".")} or newer is needed, this is ${process.versions.node}`);
}

const bundle = join(root, "dist", "cli.js");
if (existsSync(join(root, "server", "cli", "main.ts"))) {
  // A source checkout: what has changed since the last build is built first; a few hundredths of a second where nothing has.
  if (!existsSync(join(root, "node_modules", "esbuild"))) fail(`not installed yet: run "npm ci" in ${root} first`);
  try {
    const { build } = await import(pathToFileURL(join(root, "scripts", "build.mjs")).href);
    await build(["bundles"]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (!existsSync(bundle)) fail(`the build failed: ${why}`);
    process.stderr.write(`taproot: running the last build, for this one failed: ${why}\n`);
  }
}
if (!existsSync(bundle)) fail(`${bundle} is missing: the package is not complete`);

await import(pathToFileURL(bundle).href);
