// `npm test`: installs what the tests need, runs all of them, prints the counts. Plain JavaScript: it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { needsOf, shortly, steps } from "./steps.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);

const help = `npm test [-- STEP...]

Runs every test, or only the named steps:
  registries docs accuracy lint types deps
                               the house rules
  unit                         pure code, stores, sockets
  netns                        real sshd, nginx and Caddy in network namespaces (root)
  systemd                      real systemd 252 and sudo in namespaces, the product under its units (root; the first run builds Debian 12)
  attack                       attacks on the whole product, as four attackers (root)
  lab                          a real hypervisor under QEMU (root; the first run builds it, about 15 minutes)
  crash                        the built product killed at random while it is written to (root)
  ui                           every screen in every state, in a real browser (Chromium)
  real                         the whole product against the real hypervisor (Chromium, root)

  --no-install  installs no Debian package, but names those that are missing
  --list        prints the steps and how long each takes
  --help        prints this

Debian packages that the chosen steps need and that are missing are installed when run as root, and named otherwise.
CHROMIUM=/path overrides /usr/bin/chromium. npm run check: the steps that need no root, and nothing installed.`;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 9)) fail(`Node 20.9 or newer is needed, this is ${process.version}.`);

const words = process.argv.slice(2);
const mayInstall = !words.includes("--no-install");
const wanted = words.filter((word) => word !== "--no-install");
if (wanted.includes("--help") || wanted.includes("-h")) exitWith(help);
if (wanted.includes("--list"))
  exitWith(
    Object.entries(steps)
      .map(([id, s]) => `${id.padEnd(11)} ${shortly(s.seconds).padStart(7)}  ${s.says}`)
      .join("\n"),
  );
for (const name of wanted) if (!steps[name]) fail(`no step "${name}". There are: ${Object.keys(steps).join(", ")}`);

const chosen = wanted.length > 0 ? wanted : Object.keys(steps);
const began = Date.now();
mkdirSync("test-results-json", { recursive: true });

const missing = await packages();
if (!existsSync("node_modules/.package-lock.json"))
  // `npm ci` refuses a lock file without other platforms' optional packages, which some registries do not carry; this takes the same versions.
  await run("installing packages", "npm", ["install", "--no-save", "--no-audit", "--no-fund"], true);

const results = [];
let built = false;
for (const name of chosen) {
  const step = steps[name];
  if (step.root && process.getuid?.() !== 0) {
    results.push({
      name,
      ok: false,
      passed: 0,
      failed: 1,
      skipped: 0,
      seconds: 0,
      why: "needs root: network namespaces and TAPs",
    });
    continue;
  }
  if (step.build && !built) {
    const ok = await run("building", "node", ["scripts/build.mjs"]);
    built = true;
    if (!ok) {
      results.push({ name: "build", ok: false, passed: 0, failed: 1, skipped: 0, seconds: 0, why: "the build failed" });
      continue;
    }
  }
  if (step.counts)
    for (const file of [step.counts, `test-results-json/${name}.flaky.json`]) rmSync(file, { force: true });
  const started = Date.now();
  const ok = await run(step.says, step.run[0], step.run[1], false, step.env);
  const counts = step.counts ? countsOf(step.counts) : { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  if (!ok && counts.failed === 0) counts.failed = 1;
  // A runner that closes green without having run anything has proved nothing.
  const empty = step.counts !== undefined && counts.passed + counts.failed === 0;
  results.push({
    name,
    ok: ok && !empty,
    ...counts,
    failed: counts.failed + (empty ? 1 : 0),
    seconds: (Date.now() - started) / 1000,
    why: empty ? "ran no test" : "",
    broken: step.counts ? brokenIn(step.counts) : [],
    stumbled: step.counts ? flakyIn(name, step.counts) : [],
  });
}

// Again at the end: whoever sees only the last lines of a long run must still learn which tests failed and on what.
for (const r of results)
  for (const { name, message } of r.broken ?? []) console.log(`\nFAILED ${r.name}: ${name}\n${message}`);

const stumbled = results.flatMap((r) => r.stumbled ?? []);
for (const { name, message } of stumbled)
  console.log(`\nFLAKY (failed, then held when run again): ${name}\n  ${message}`);

console.log("");
for (const r of results) {
  const counts = steps[r.name]?.counts
    ? `${r.passed} passed, ${r.failed} failed${r.skipped ? `, ${r.skipped} skipped` : ""}`
    : r.ok
      ? "ok"
      : "FAILED";
  console.log(
    `${r.ok ? "ok  " : "FAIL"} ${r.name.padEnd(11)} ${counts.padEnd(34)} ${r.seconds.toFixed(0).padStart(5)} s  ${r.why}`,
  );
}
if (missing.length > 0) console.log(`missing Debian packages: ${missing.join(" ")}`);
const sum = (key) => results.reduce((total, r) => total + r[key], 0);
console.log(`${((Date.now() - began) / 60000).toFixed(1)} minutes`);
console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped, ${stumbled.length} flaky`);
process.exit(results.every((r) => r.ok) ? 0 : 1);

/** Installs what the chosen steps need and is missing, as root with apt; otherwise names it. Returns what is still missing. */
async function packages() {
  const has = (p) =>
    [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"].some((dir) => existsSync(join(dir, p)));
  const lacking = () => {
    const missing = needsOf(chosen).filter(({ need, isFile }) =>
      isFile ? !existsSync(need) : !has(need) && !(need === "chromium" && process.env.CHROMIUM),
    );
    return [...new Set(missing.map(({ name }) => name))];
  };
  let need = lacking();
  if (need.length === 0) return [];
  const apt = mayInstall && process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (!apt) {
    console.error(`These Debian packages are missing (root can install them with npm test): ${need.join(" ")}`);
    return need;
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("reading package lists", "apt-get", ["update", "-qq"], false, env);
  await run(
    `installing ${need.join(" ")}`,
    "apt-get",
    ["install", "-y", "-qq", "--no-install-recommends", ...need],
    false,
    env,
  );
  need = lacking();
  if (need.length > 0) console.error(`could not be installed: ${need.join(" ")}`);
  return need;
}

function run(says, command, args, must = false, env = {}) {
  console.log(`\n=== ${says} (${command} ${args.slice(0, 4).join(" ")}${args.length > 4 ? " ..." : ""})`);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      if (must) process.exit(1);
      resolve(false);
    });
    child.on("exit", (code) => {
      if (code !== 0 && must) fail(`${says}: ${command} ended with ${code}`);
      resolve(code === 0);
    });
  });
}

function countsOf(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    console.error(`${file}: ${error.message}`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
  if (report.stats)
    return {
      passed: report.stats.expected + report.stats.flaky,
      failed: report.stats.unexpected,
      skipped: report.stats.skipped,
    };
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/** The first lines of a message, without colours. */
function short(text) {
  return stripVTControlCharacters(text ?? "no message")
    .split("\n")
    .slice(0, 14)
    .map((line) => `  ${line.slice(0, 240)}`)
    .join("\n");
}

/** Name and message of the specs of a Playwright report that `which` picks. */
function specsIn(report, which) {
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  return (report.suites ?? [])
    .flatMap(specs)
    .filter(which)
    .map((spec) => ({
      name: `${spec.file}:${spec.line} ${spec.title}`,
      message: short(spec.tests.flatMap((t) => t.results).find((r) => r.error)?.error.message),
    }));
}

/** Name and the first lines of the message of each test that failed, from a report of Vitest or Playwright. */
function brokenIn(file) {
  if (!existsSync(file)) return [];
  const report = JSON.parse(readFileSync(file, "utf8"));
  if (!report.testResults) return specsIn(report, (spec) => !spec.ok);
  return report.testResults.flatMap((suite) => {
    const tests = suite.assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => ({
        name: `${relative(root, suite.name)} > ${test.fullName}`,
        message: short(test.failureMessages.join("\n")),
      }));
    return tests.length === 0 && suite.status === "failed"
      ? [{ name: relative(root, suite.name), message: short(suite.message) }]
      : tests;
  });
}

/** Tests of a step that held only at the second attempt: Vitest's from our reporter, Playwright's from its report. */
function flakyIn(step, report) {
  const ours = `test-results-json/${step}.flaky.json`;
  if (existsSync(ours)) return JSON.parse(readFileSync(ours, "utf8"));
  if (!existsSync(report)) return [];
  return specsIn(JSON.parse(readFileSync(report, "utf8")), (spec) => spec.tests.some((t) => t.status === "flaky"));
}

function exitWith(text) {
  console.log(text);
  process.exit(0);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
