#!/usr/bin/env node
import { spawnSync } from "node:child_process";
// Starts the taproot command from dist/. In a source checkout without dist it is built first. Plain old syntax: a Node that is too old must still get as
// far as the message.
import { existsSync, readFileSync } from "node:fs";
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
if (!existsSync(bundle)) {
  const build = join(root, "scripts", "build.mjs");
  if (!existsSync(build)) fail(`${bundle} is missing: the package is not complete`);
  if (!existsSync(join(root, "node_modules", "esbuild"))) fail(`not installed yet: run "npm ci" in ${root} first`);
  process.stderr.write("taproot: first run of this checkout, building (a few seconds)...\n");
  // What the build prints is not the result of the command: it goes to stderr.
  const run = spawnSync(process.execPath, [build, "cli"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (run.status !== 0 || !existsSync(bundle))
    fail(`the build failed (${run.error ? run.error.message : `status ${run.status}`})`);
}

process.env.TAPROOT_VERSION = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
await import(pathToFileURL(bundle).href);
