import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Attack, type Attempt, all } from "../define";
import type { World } from "../world";

const kernel = { nowhere: "the kernel refuses it, and tells nobody but the one who asked" };
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Tries one thing a line as the web process's user; each prints {what, refused, got}. */
async function tryAll(world: World, attempts: Readonly<Record<string, string>>): Promise<Attempt> {
  const script = `
const fs = require("node:fs");
const given = JSON.parse(process.argv[1]);
const told = [];
for (const [what, code] of Object.entries(given)) {
  try {
    const got = eval(code);
    told.push({ what, refused: false, got: String(got).slice(0, 80) });
  } catch (error) {
    told.push({ what, refused: ["EACCES", "EPERM", "ENOENT", "ESRCH", "SQLITE_CANTOPEN"].includes(error.code), got: String(error.code || error) });
  }
}
console.log(JSON.stringify(told));`;
  const { out, err } = await world.web.run(script, [JSON.stringify(attempts)]);
  if (out === "") throw new Error(`the attacker's own program failed: ${err.slice(0, 400)}`);
  return all(JSON.parse(out) as { what: string; refused: boolean; got: string }[]);
}

const read = (path: string) => `fs.readFileSync(${JSON.stringify(path)}).length + " bytes read"`;
const write = (path: string) => `fs.closeSync(fs.openSync(${JSON.stringify(path)}, "r+")), "opened for writing"`;

/** What the collector's user alone may read and write. */
export const attacks: readonly Attack[] = [
  {
    id: "web-reads-database",
    finding: 1,
    wants: "the database: accounts, sessions, hosts, audit log",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) =>
      tryAll(world, {
        folder: `fs.readdirSync(${JSON.stringify(world.data)}).join(" ")`,
        database: read(join(world.data, "taproot.db")),
        log: read(join(world.data, "taproot.db-wal")),
      }),
  },
  {
    id: "web-writes-database",
    finding: 1,
    wants: "a session, a run with a command of its own, a host key of its own, written into the database",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) => {
      const database = `new (require(${JSON.stringify(join(root, "node_modules/better-sqlite3"))}))(${JSON.stringify(join(world.data, "taproot.db"))})`;
      const statement = (sql: string) => `${database}.prepare(${JSON.stringify(sql)}).run().changes + " rows"`;
      return tryAll(world, {
        session: statement("update session set userId = userId"),
        run: statement("update remedy_run set host = host"),
        "known key": statement("update known_key set rowid = rowid"),
        host: statement("update host set rowid = rowid"),
      });
    },
  },
  {
    id: "web-locks-database",
    finding: 2,
    wants: "the database's lock, held so that the collector stands still",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) =>
      tryAll(world, {
        database: write(join(world.data, "taproot.db")),
        instance: write(join(world.data, "instance.lock")),
      }),
  },
  {
    id: "web-reads-master-key",
    finding: 3,
    wants: "the master key from its file",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) => tryAll(world, { key: read(join(world.data, "secret.key")) }),
  },
  {
    id: "web-reads-environment",
    finding: 3,
    wants: "the master key from an environment or a command line of the product",
    seen: { nowhere: "reading is no event" },
    async attempt(world) {
      // As root: even whoever may read all of them does not find it there.
      const places = [world.product.pid, world.pids.collector, world.pids.web].flatMap((pid) =>
        ["environ", "cmdline"].map((file) => ({ where: `${pid}/${file}`, path: `/proc/${pid}/${file}` })),
      );
      const found = places.filter(({ path }) => readFileSync(path, "latin1").includes(world.secretKey));
      if (found.length > 0)
        return { harm: `the key stands in ${found.map((one) => one.where).join(", ")}`, refused: null };
      const attempt = await tryAll(world, {
        collector: read(`/proc/${world.pids.collector}/environ`),
        supervisor: read(`/proc/${world.product.pid}/environ`),
      });
      return { ...attempt, refused: attempt.refused && `${attempt.refused}; the key is in none of ${places.length}` };
    },
  },
  {
    id: "web-reads-memory",
    finding: 3,
    wants: "the collector's memory, by /proc/PID/mem (the right to it is the right to ptrace)",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) =>
      tryAll(world, {
        collector: `fs.closeSync(fs.openSync("/proc/${world.pids.collector}/mem", "r+")), "opened"`,
        supervisor: `fs.closeSync(fs.openSync("/proc/${world.product.pid}/mem", "r+")), "opened"`,
        files: `fs.readdirSync("/proc/${world.pids.collector}/fd").length + " open files"`,
      }),
  },
  {
    id: "web-inspects-collector",
    finding: 3,
    wants: "the collector's debugger: SIGUSR1 opens it in any Node process",
    seen: kernel,
    async attempt(world) {
      const signalled = await tryAll(world, {
        collector: `process.kill(${world.pids.collector}, "SIGUSR1"), "signalled"`,
        supervisor: `process.kill(${world.product.pid}, "SIGUSR1"), "signalled"`,
      });
      const { out } = await world.web.run(`
const socket = require("node:net").connect(9229, "127.0.0.1", () => { console.log("open"); process.exit(); });
socket.on("error", (error) => console.log(error.code));`);
      return out === "open"
        ? { harm: "a debugger listens", refused: null }
        : { ...signalled, refused: `${signalled.refused}; port 9229: ${out}` };
    },
  },
  {
    id: "web-kills-collector",
    finding: 3,
    wants: "an end of the watch: the collector and the supervisor killed",
    seen: kernel,
    attempt: (world) =>
      tryAll(world, {
        collector: `process.kill(${world.pids.collector}, 0), "may be killed"`,
        supervisor: `process.kill(${world.product.pid}, 0), "may be killed"`,
      }),
    succeedsWith: "same-user",
  },
  {
    id: "web-uses-agent",
    finding: 3,
    wants: "the operator's SSH agent, to log in past the collector",
    seen: kernel,
    succeedsWith: "same-user",
    async attempt(world) {
      const named = world.web.identity.env.SSH_AUTH_SOCK;
      if (named !== undefined) return { harm: `its environment names ${named}`, refused: null };
      const before = world.agent.asked;
      const { out } = await world.web.run(
        `const socket = require("node:net").connect(process.argv[1], () => { console.log("open"); process.exit(); });
socket.on("error", (error) => console.log(error.code));`,
        [world.agent.path],
      );
      return world.agent.asked > before || out === "open"
        ? { harm: "the agent answers", refused: null }
        : { harm: null, refused: `not in its environment; ${out}` };
    },
  },
  {
    id: "web-reads-ssh-keys",
    finding: 3,
    wants: "the private keys of the user who started the product",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) =>
      tryAll(world, {
        key: read(join(world.home, ".ssh/id_ed25519")),
        list: `fs.readdirSync(${JSON.stringify(join(world.home, ".ssh"))}).length + " files"`,
      }),
  },
  {
    id: "web-replaces-socket",
    finding: 3,
    wants: "the place of the bus socket, or of its own folder, to lead others elsewhere",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) => {
      const bus = JSON.stringify(world.web.bus);
      const home = JSON.stringify(world.web.identity.env.HOME ?? "/nowhere");
      const there = `fs.renameSync(${bus}, ${bus} + ".away"), fs.renameSync(${bus} + ".away", ${bus}), "moved away and back"`;
      return tryAll(world, {
        socket: there,
        folder: `fs.symlinkSync(${JSON.stringify(join(world.data, "secret.key"))}, ${bus} + ".link"), fs.unlinkSync(${bus} + ".link"), "made a link beside it"`,
        home: `fs.renameSync(${home}, ${home} + ".away"), fs.renameSync(${home} + ".away", ${home}), "moved away and back"`,
      });
    },
  },
  {
    id: "web-links-in-own-folder",
    finding: 3,
    wants: "a file of the collector, by a link in the only folder that it may write",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) => {
      const link = JSON.stringify(join(world.web.identity.env.HOME ?? "/nowhere", "link"));
      const key = JSON.stringify(join(world.data, "secret.key"));
      const through = (make: string) =>
        `(() => { ${make}; try { return fs.readFileSync(${link}).length + " bytes" } finally { fs.unlinkSync(${link}) } })()`;
      return tryAll(world, {
        symbolic: through(`fs.symlinkSync(${key}, ${link})`),
        hard: through(`fs.linkSync(${key}, ${link})`),
      });
    },
  },
  {
    id: "web-writes-product",
    finding: 3,
    wants: "the product's own code, to be run by the collector at its next start",
    seen: kernel,
    succeedsWith: "same-user",
    attempt: (world) =>
      tryAll(world, {
        collector: write(join(root, "dist/collector.js")),
        supervisor: write(join(root, "dist/server.js")),
        pages: write(join(root, ".next/BUILD_ID")),
        package: write(join(root, "node_modules/ssh2/package.json")),
      }),
  },
];
