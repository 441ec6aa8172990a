/**
 * `npm run dev`: the product while it is worked on. Bundles are made anew when a source changes, and the processes made from them start again; pages are
 * drawn by Next's development server, which reloads them by itself. The first start makes an account and three demo hosts.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { bundles, bundlesOptions, root } from "./build.mjs";
import { newBundles, restartsFor } from "./dev-restarts.mjs";

const help = `Usage: npm run dev -- [options]

  --port PORT    port of the page (default 3000; 0 takes a free one)
  --data DIR     data folder (default .cache/dev/data)
  --hosts N      demo hosts of the first start (default 3; 0: none)
  --help         this text

It listens on loopback only. Its account stands in account.json beside the data, and is printed at each start.`;

const asked = flags();
if (asked.help) {
  console.log(help);
  process.exit(0);
}
const cache = join(root, ".cache/dev");
const dist = join(cache, "dist");
const data = asked.data ?? join(cache, "data");
const account = accountOf(join(dirname(data), "account.json"));

let server;
let known = new Map();
let ending = false;
const watcher = await watch();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void end());

/** Makes the bundles, and again whenever a source changes. */
async function watch() {
  const { context } = await import("esbuild");
  const made = await context({
    ...bundlesOptions,
    outdir: dist,
    plugins: [{ name: "restart", setup: (build) => build.onEnd(({ errors }) => void onBuilt(errors.length)) }],
  });
  await made.watch();
  return made;
}

function onBuilt(errors) {
  if (ending) return;
  if (errors > 0) return say("the server does not build; what ran before goes on");
  const now = newBundles(dist, Object.keys(bundles));
  const { supervisor, children } = restartsFor(known, now);
  known = now;
  if (!server) return start();
  if (supervisor) {
    say("the supervisor has changed: starting all again");
    // It is started again when it has ended.
    server.kill("SIGTERM");
    return;
  }
  for (const child of children) {
    say(`${child} has changed: starting it again`);
    server.send({ restart: child });
  }
}

function start() {
  const child = spawn(process.execPath, [join(dist, "server.js"), `--port=${asked.port}`, `--data=${data}`], {
    cwd: root,
    env: { ...process.env, TAPROOT_DEV: "1" },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  server = child;
  let seen = "";
  child.stdout.on("data", (bytes) => {
    process.stdout.write(bytes);
    if (seen === undefined) return;
    seen += bytes.toString("utf8");
    const url = /Taproot is at (http:\S+)/.exec(seen)?.[1];
    if (!url) return;
    const token = /\/setup\?token=(\S+)/.exec(seen)?.[1];
    if (!token && !account.made) return;
    seen = undefined;
    greet(url, token).catch((error) => say(`the account or the demo could not be made: ${error.message}`));
  });
  child.on("exit", (code, signal) => {
    if (ending) return;
    if (code === 0 || signal === "SIGTERM") return start();
    say(`the server ended (${signal ?? `exit ${code}`})`);
    void end(code ?? 1);
  });
}

/** At the first start, makes the account by the one-time link, and the demo. Says how to log in. */
async function greet(url, token) {
  if (token && !account.made) {
    const cookie = await ask(url, "POST", "/auth/setup", { token, name: "Developer", ...account.login });
    account.save();
    if (asked.hosts > 0) await ask(url, "POST", "/demo", { hosts: asked.hosts }, cookie);
  }
  say(`log in as ${account.login.email}, password ${account.login.password}`);
}

/** One request of the page's own. Returns the session that it opened, for the next one. */
async function ask(url, method, path, body, cookie = "") {
  const answer = await fetch(`${url}/api${path}`, {
    method,
    headers: { "Content-Type": "application/json", Origin: url, Cookie: cookie },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} /api${path}: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** The account of this data folder: read, or made up anew with a password that nobody else knows. */
function accountOf(path) {
  if (existsSync(path) && existsSync(data))
    return { made: true, login: JSON.parse(readFileSync(path, "utf8")), save: () => undefined };
  const login = { email: "dev@localhost.localdomain", password: randomBytes(9).toString("base64url") };
  return {
    made: false,
    login,
    save() {
      this.made = true;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify(login), { mode: 0o600 });
      chmodSync(path, 0o600);
    },
  };
}

async function end(code = 0) {
  if (ending) return;
  ending = true;
  await watcher?.dispose();
  if (server && server.exitCode === null) {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }
  process.exit(code);
}

function flags() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "3000" },
        data: { type: "string" },
        hosts: { type: "string", default: "3" },
        help: { type: "boolean", default: false },
      },
      strict: true,
    });
    const hosts = Number(values.hosts);
    if (!Number.isInteger(hosts) || hosts < 0 || hosts > 50) throw new Error(`--hosts ${values.hosts}: 0 to 50`);
    return { ...values, hosts };
  } catch (error) {
    console.error(`dev: ${error.message.split("\n")[0]} (--help lists what there is)`);
    return process.exit(3);
  }
}

function say(line) {
  console.log(`dev: ${line}`);
}
