import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * The boundary of the operating system between the process with the pages and the process with the keys: a user of its own for the web process, that owns
 * nothing but an empty folder, and may open nothing but the bus.
 */
export interface Boundary {
  readonly user: { readonly uid: number; readonly gid: number };
  /** The web process's own folder: its home and its temporary files. */
  readonly home: string;
  /** Path of the bus socket, in a folder that only the two may enter. */
  readonly bus: string;
}

/** Why there is no boundary, in words for a person. */
export interface NoBoundary {
  readonly because: string;
}

/** Users that systemd takes for DynamicUser= (systemd.exec(5)): no user of a person or a package has a number in this range. */
const firstUid = 61_184;
const lastUid = 65_519;

/** What the web process must be able to read, from the folder of the product. */
const needed = ["dist/web.js", ".next/BUILD_ID", "node_modules/next/package.json"];

/**
 * Makes the boundary for a data folder, where this process may: root, or somebody with the right to become another user. The web process's user is a number
 * that nobody has, the same at each start. Throws an Error where a folder that it needs belongs to somebody else.
 */
export function makeBoundary(dataDir: string, productDir: string): Boundary | NoBoundary {
  const mine = process.getuid?.();
  if (mine === undefined) return { because: "this system has no users" };
  const seed = createHash("sha256").update(resolve(dataDir)).digest();
  const uid = freeUid(seed.readUInt32BE(0));
  const user = { uid, gid: uid };
  const refused = tryAs(user, productDir);
  if (refused) return { because: refused };
  const folder = runtimeFolder(seed.toString("hex").slice(0, 16), mine);
  chownSync(folder, mine, user.gid);
  chmodSync(folder, 0o710);
  const home = ownFolder(join(folder, "web"), mine, user.uid);
  chownSync(home, user.uid, user.gid);
  chmodSync(home, 0o700);
  return { user, home, bus: join(folder, "bus.sock") };
}

/** What the web process is told by its environment: these names and no other. */
const allowed =
  /^(LANG|LC_[A-Z]+|TZ|NODE_ENV|TAPROOT_(HOST|PORT|URL|PROXY|DEV|BUS|VERBOSE|INSECURE_HTTP|TLS_CERT|TLS_KEY))$/;

export function webEnvironment(env: NodeJS.ProcessEnv, home: string | undefined): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => allowed.test(name)));
  return {
    NODE_ENV: "production",
    ...kept,
    PATH: "/usr/local/bin:/usr/bin:/bin",
    ...(home === undefined ? {} : { HOME: home, TMPDIR: home }),
  };
}

/** The first number from the one that the seed gives that is in no table and under which nothing runs. */
function freeUid(seed: number): number {
  const taken = new Set([...tableIds("/etc/passwd"), ...tableIds("/etc/group"), ...runningUids()]);
  const range = lastUid - firstUid + 1;
  for (let at = 0; at < range; at++) {
    const uid = firstUid + ((seed + at) % range);
    if (!taken.has(uid)) return uid;
  }
  throw new Error(`no user id from ${firstUid} to ${lastUid} is free for the web process`);
}

function tableIds(path: string): number[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map((line) => Number(line.split(":")[2]));
}

function runningUids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [lstatSync(`/proc/${pid}`).uid];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
}

/** Starts a program as that user to see whether it may and reads what it needs. Returns why not, in words. */
function tryAs(user: { uid: number; gid: number }, productDir: string): string | undefined {
  const script = "for (const path of JSON.parse(process.argv[1])) require('node:fs').accessSync(path, 4)";
  const paths = needed.map((path) => join(productDir, path));
  const tried = spawnSync(process.execPath, ["-e", script, JSON.stringify(paths)], {
    ...user,
    cwd: "/",
    env: { NODE_ENV: "production" },
    encoding: "utf8",
    timeout: 20_000,
  });
  const code = tried.error && "code" in tried.error ? tried.error.code : undefined;
  if (code === "EPERM") return "this user may not start a process as another one";
  // The program itself lies where that user may not look.
  if (code === "EACCES")
    return `a user of its own cannot run ${process.execPath}: it lies in a folder that is closed to others`;
  if (tried.error) return `no process could be started as another user (${tried.error.message})`;
  if (tried.status === 0) return undefined;
  const path = /permission denied, access '([^']+)'/.exec(tried.stderr)?.[1];
  return path
    ? `a user of its own cannot read ${path}: put the product where others may read it, /opt/taproot for instance`
    : `a process of another user failed: ${tried.stderr.trim().split("\n").at(-1) ?? `exit ${tried.status}`}`;
}

/** A folder that only we can have made: /run belongs to root; elsewhere one of the same name may be somebody's trap, and is refused. */
function runtimeFolder(name: string, mine: number): string {
  const parent = mine === 0 && isFolder("/run") ? "/run" : tmpdir();
  return ownFolder(join(parent, `taproot-${name}`), mine);
}

function ownFolder(path: string, mine: number, formerly = mine): string {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const found = lstatSync(path);
  // Of the web process's folder the last start made that user the owner; it may have been another number then.
  const ours =
    found.uid === mine ||
    found.uid === formerly ||
    (found.uid >= firstUid && found.uid <= lastUid && formerly !== mine);
  if (!found.isDirectory() || !ours)
    throw new Error(`${path} belongs to somebody else: remove it, or choose another data folder`);
  return path;
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false; // Not there.
  }
}
