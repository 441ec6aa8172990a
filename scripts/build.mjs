// Builds what runs: bundles of the processes and the command into dist/, pages into .next/. Each part is built only when its sources have changed.
//   node scripts/build.mjs [bundles|pages|cli] [--force]      (cli is one of the bundles, and builds all of them)
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Name of each file in dist/ and where it begins. */
export const bundles = {
  server: "server/main.ts",
  collector: "server/collector/main.ts",
  web: "server/web/main.ts",
  "store-worker": "server/store/worker.mjs",
  cli: "server/cli/main.ts",
};

const parts = {
  bundles: {
    says: "Building the server",
    sources: ["server", "lib", "tsconfig.json", "package-lock.json", "scripts/build.mjs"],
    stamp: "dist/.stamp",
    made: Object.keys(bundles).map((name) => `dist/${name}.js`),
    make: makeBundles,
  },
  pages: {
    says: "Building the pages (about a minute)",
    sources: [
      "app",
      "components",
      "lib",
      "public",
      "next.config.ts",
      "scripts/slim-cytoscape.cjs",
      "postcss.config.mjs",
      "tsconfig.json",
      "package-lock.json",
    ],
    stamp: ".next/taproot.stamp",
    made: [".next/BUILD_ID"],
    make: makePages,
  },
};

/** Hash over names and contents of all sources, tests left out. */
function hashOf(sources) {
  const hash = createHash("sha256");
  const take = (path) => {
    let entries;
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (error.code === "ENOENT") return;
      if (error.code !== "ENOTDIR") throw error;
      hash
        .update(`${relative(root, path)}\0`)
        .update(readFileSync(path))
        .update("\0");
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
      if (!/\.test\.tsx?$/.test(entry.name) && entry.name !== "node_modules") take(join(path, entry.name));
  };
  for (const source of sources) take(join(root, source));
  return hash.update(process.versions.modules).digest("hex");
}

/** Says what goes on, with the seconds, while something takes longer than two of them. */
export async function withProgress(says, work, out = process.stderr) {
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  let said = false;
  const tick = () => {
    out.write(said ? `  ... ${seconds()} s\n` : `${says} ...\n`);
    said = true;
  };
  const first = setTimeout(tick, 1500);
  const timer = setInterval(tick, 15_000);
  try {
    const result = await work();
    if (said) out.write(`  done in ${seconds()} s\n`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(timer);
  }
}

/** Runs a program quietly; what it printed is shown only when it fails. Rejects with one line, after its last lines. */
export function quietly(command, args, what, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let tail = "";
    const keep = (chunk) => {
      tail = (tail + chunk).slice(-8000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => reject(new Error(`${what} could not be started: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      process.stderr.write(`${tail.trimEnd()}\n`);
      reject(new Error(`${what} failed (${signal ?? `exit ${code}`}); its last lines stand above`));
    });
  });
}

/** How the bundles are made, here and by `npm run dev`. */
export const bundlesOptions = {
  absWorkingDir: root,
  entryPoints: Object.entries(bundles).map(([out, path]) => ({ in: path, out })),
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.9",
  packages: "external",
  alias: { "@": root },
  sourcemap: "linked",
  sourcesContent: false,
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
};

async function makeBundles() {
  const { build } = await import("esbuild");
  await build(bundlesOptions);
}

async function makePages() {
  const next = join(root, "node_modules/next/dist/bin/next");
  await quietly(process.execPath, [next, "build"], "next build", {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  });
}

/** One build at a time in a checkout: Next empties its folder first, and two would take it away from each other. A lock whose holder is gone counts for nothing. */
async function oneAtATime(work) {
  const path = join(root, "node_modules/.cache/taproot-build.lock");
  mkdirSync(dirname(path), { recursive: true });
  const take = () => {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return true;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const holder = Number(existsSync(path) ? readFileSync(path, "utf8") : 0);
      if (holder > 0 && !isAlive(holder)) rmSync(path, { force: true });
      return false;
    }
  };
  const until = Date.now() + 600_000;
  await withProgress("Waiting for another build of this checkout", async () => {
    while (!take()) {
      if (Date.now() > until)
        throw new Error(`another build holds ${path} for ten minutes; remove that file if there is none`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  });
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Builds these parts where their sources have changed since. `force`: in any case. */
export async function build(names = ["bundles", "pages"], { force = false } = {}) {
  const stale = () =>
    names.filter((name) => {
      const { stamp, sources, made } = parts[name];
      const path = join(root, stamp);
      return (
        force ||
        !existsSync(path) ||
        !made.every((file) => existsSync(join(root, file))) ||
        readFileSync(path, "utf8") !== hashOf(sources)
      );
    });
  if (stale().length === 0) return;
  await oneAtATime(async () => {
    // Asked again: the build that was waited for may have made them.
    for (const name of stale()) {
      const { says, make, stamp, sources } = parts[name];
      const hash = hashOf(sources);
      await withProgress(says, make);
      mkdirSync(dirname(join(root, stamp)), { recursive: true });
      writeFileSync(join(root, stamp), hash);
    }
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asked = process.argv.slice(2).filter((word) => word !== "--force");
  const names = asked.length === 0 ? undefined : asked.map((word) => (word === "cli" ? "bundles" : word));
  const wrong = names?.find((name) => !(name in parts));
  if (wrong) {
    console.error(`build: there is no part ${wrong}; there are bundles, pages, cli`);
    process.exit(2);
  }
  build(names, { force: process.argv.includes("--force") }).catch((error) => {
    console.error(`build: ${error.message}`);
    process.exit(1);
  });
}
