// npm start: installs what is missing, builds what has changed, runs the supervisor in this process.
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build, quietly, root, withProgress } from "./build.mjs";

const help = `Usage: npm start -- [options]

  --port PORT    port of the page (default 3000, or TAPROOT_PORT; 0 takes a free one)
  --host ADDR    address to listen on (default 127.0.0.1, or TAPROOT_HOST; 0.0.0.0 for all). On any but loopback one of
                 the three below is needed: what people type there are passwords and private keys.
  --tls-cert FILE, --tls-key FILE
                 serve https by this certificate (with its chain) and key, both PEM (or TAPROOT_TLS_CERT, TAPROOT_TLS_KEY).
                 Read again when they change, and when the web process gets SIGHUP
  --url URL      how people reach the page, such as https://taproot.example.org behind a proxy (or TAPROOT_URL)
  --insecure-http
                 http all the same (or TAPROOT_INSECURE_HTTP=1): whoever is on the way reads along, and every page says so
  --proxy        a proxy stands before Taproot: believe its X-Forwarded-For and X-Forwarded-Proto (or TAPROOT_PROXY=1).
                 Without it all its visitors count as one address, and share the limit on wrong passwords
  --data DIR     data folder (default ./data, or TAPROOT_DATA)
  --no-build     neither install nor build: run what is there
  --help         this text

The key that seals stored secrets is DIR/secret.key, made at the first start, unless TAPROOT_KEY (64 hex digits) or TAPROOT_KEY_FILE is set.
It has nothing to do with the key of --tls-key. Proxies: docs/reverse-proxy.md`;

function fail(message, code = 3) {
  console.error(`taproot: ${message}`);
  process.exit(code);
}

function flags() {
  try {
    return parseArgs({
      options: {
        port: { type: "string" },
        host: { type: "string" },
        data: { type: "string" },
        url: { type: "string" },
        proxy: { type: "boolean" },
        "tls-cert": { type: "string" },
        "tls-key": { type: "string" },
        "insecure-http": { type: "boolean" },
        build: { type: "boolean", default: true },
        help: { type: "boolean", default: false },
      },
      allowNegative: true,
      strict: true,
    }).values;
  } catch (error) {
    return fail(`${error.message.split("\n")[0]} (--help lists what there is)`);
  }
}

/** Why packages must be installed: what npm itself wrote down of node_modules is held against the lock file. Undefined when it fits. */
function installBecause() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  if (!existsSync(join(root, "node_modules/.package-lock.json"))) return "no packages yet";
  const there = read("node_modules/.package-lock.json");
  for (const [path, wanted] of Object.entries(read("package-lock.json"))) {
    if (path === "" || wanted.link) continue;
    const found = there[path];
    if (!found && !wanted.optional && !wanted.devOptional) return `${path} is missing`;
    if (found && found.version !== wanted.version) return `${path} is ${found.version}, not ${wanted.version}`;
  }
  return undefined;
}

async function prepare() {
  const because = installBecause();
  if (because) {
    try {
      accessSync(root, constants.W_OK);
    } catch {
      fail(`packages must be installed (${because}), but ${root} is not writable`);
    }
    await withProgress(`Installing packages (${because}; a few minutes at the first start)`, () =>
      // Not `npm ci`: it refuses a lock file without other platforms' optional packages, which some registries do not carry.
      quietly("npm", ["install", "--no-save", "--no-audit", "--no-fund"], "npm install"),
    );
  }
  await build();
}

const asked = flags();
if (asked.help) {
  console.log(help);
  process.exit(0);
}
if (asked.build) await prepare().catch((error) => fail(error.message, 1));
for (const file of ["dist/server.js", ".next/BUILD_ID"])
  if (!existsSync(join(root, file))) fail(`${file} is not built: run npm start without --no-build`);
// Pages are looked for where Next was built.
const given = [
  ...["port", "host", "data", "url", "tls-cert", "tls-key"].flatMap((name) =>
    asked[name] === undefined ? [] : [`--${name}=${asked[name]}`],
  ),
  ...["proxy", "insecure-http"].flatMap((name) => (asked[name] ? [`--${name}`] : [])),
];
process.argv = [process.argv[0], join(root, "dist/server.js"), ...given];
await import(pathToFileURL(join(root, "dist/server.js")).href);
