import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What one process of another user is, as /proc shows it. */
export interface Identity {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly env: NodeJS.ProcessEnv;
}

export function identityOf(pid: number): Identity {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const numbers = (name: string) =>
    (new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(status)?.[1] ?? "").split(/\s+/).filter(Boolean).map(Number);
  const pairs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
  return {
    pid,
    uid: numbers("Uid")[1] ?? -1,
    gid: numbers("Gid")[1] ?? -1,
    groups: numbers("Groups"),
    env: {
      NODE_ENV: "production",
      ...Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)])),
    },
  };
}

/** One request on the bus, and what came of it. */
export interface Called {
  readonly ok: boolean;
  readonly code: string;
  readonly text: string;
}

export interface Call {
  readonly method: string;
  readonly session?: string;
  readonly params?: unknown;
}

/**
 * Reads its own memory for the token of the bus: in the opening line that it sent (server/bus/client.ts), or as a string of V8's, whose length stands before it.
 * Likelier ones first; which it is, the bus tells.
 */
const findToken = `
const fs = require("node:fs");
const pid = process.argv[1];
const memory = fs.openSync("/proc/" + pid + "/mem", "r");
const found = new Map();
for (const line of fs.readFileSync("/proc/" + pid + "/maps", "utf8").split("\\n")) {
  const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
  if (!match || /\\[v/.test(line)) continue;
  let at = parseInt(match[1], 16);
  const end = parseInt(match[2], 16);
  while (at < end) {
    const chunk = Buffer.alloc(Math.min(end - at, 1 << 22));
    let got = 0;
    try { got = fs.readSync(memory, chunk, 0, chunk.length, at); } catch { break; }
    if (got === 0) break;
    const text = chunk.toString("latin1");
    for (const hit of text.matchAll(/(?:"token":"|\\x2b\\x00\\x00\\x00)([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/g))
      if (/[a-z]/.test(hit[1]) && /[A-Z]/.test(hit[1]) && /[0-9]/.test(hit[1])) found.set(hit[1], (found.get(hit[1]) || 0) + (hit[0].startsWith('"') ? 1000 : 1));
    at += got;
  }
}
console.log(JSON.stringify([...found].sort((a, b) => b[1] - a[1]).map(([token]) => token)));
`;

/** Opens the bus, says what it is told to, prints one JSON line an answer. */
const callBus = `
const { connect } = require("node:net");
const { path, token, calls, waitMs } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const answers = new Map();
const end = (why) => { console.log(JSON.stringify({ why, answers: [...answers] })); process.exit(0); };
const socket = connect(path, () => socket.write(JSON.stringify({ token }) + "\\n"));
let held = "";
let open = false;
setTimeout(() => end("time"), waitMs).unref();
socket.on("error", (error) => end(error.code || error.message));
socket.on("close", () => end("closed"));
socket.on("data", (bytes) => {
  held += bytes.toString("utf8");
  const lines = held.split("\\n");
  held = lines.pop();
  for (const line of lines) {
    const said = JSON.parse(line);
    if (said.push === "hello" && !open) {
      open = true;
      for (const [id, call] of calls.entries())
        socket.write(JSON.stringify({ id, method: call.method, actor: { session: call.session || "" }, params: call.params || {} }) + "\\n");
      if (calls.length === 0) end("open");
    } else if ("ok" in said) {
      answers.set(said.id, { ok: said.ok, code: said.code || "", text: JSON.stringify(said.ok ? said.result : said.message).slice(0, 2000) });
      if (answers.size === calls.length) end("answered");
    }
  }
});
`;

/**
 * An attacker who owns the web process: programs with its user, its groups and its environment (and no more privileges than it has), that know the token of
 * the bus as it does.
 */
export class WebProcess {
  private constructor(
    readonly identity: Identity,
    readonly token: string,
  ) {}

  get bus(): string {
    return this.identity.env.TAPROOT_BUS ?? "";
  }

  /** Takes over the web process: finds the token in its memory as its own user would. */
  static async own(identity: Identity): Promise<WebProcess> {
    const found = await runAs(identity, ["-e", findToken, String(identity.pid)]);
    const tokens = JSON.parse(found.stdout || "[]") as string[];
    for (const token of tokens.slice(0, 200)) {
      const web = new WebProcess(identity, token);
      if ((await web.talk([])).why === "open") return web;
    }
    throw new Error(
      `no token of the bus in the memory of ${identity.pid} (${tokens.length} tried): ${found.stderr.slice(0, 500)}`,
    );
  }

  /** The same token in other hands. */
  as(identity: Partial<Identity>): WebProcess {
    return new WebProcess({ ...this.identity, ...identity }, this.token);
  }

  /** Runs JavaScript as the web process's user. `out`: what it printed. */
  async run(
    script: string,
    args: readonly string[] = [],
  ): Promise<{ status: number | null; out: string; err: string }> {
    const { status, stdout, stderr } = await runAs(this.identity, ["-e", script, ...args]);
    return { status, out: stdout.trim(), err: stderr.trim() };
  }

  /** Asks the collector, in one connection; answers in the order of the calls. */
  async calls(calls: readonly Call[], token = this.token): Promise<readonly Called[]> {
    const { answers, why } = await this.talk(calls, token);
    return calls.map((_, at) => answers.get(at) ?? { ok: false, code: why, text: "no answer" });
  }

  async call(call: Call, token = this.token): Promise<Called> {
    return (await this.calls([call], token))[0] ?? { ok: false, code: "none", text: "" };
  }

  private async talk(
    calls: readonly Call[],
    token = this.token,
  ): Promise<{ why: string; answers: Map<number, Called> }> {
    const asked = JSON.stringify({ path: this.bus, token, calls, waitMs: 30_000 });
    const { stdout, stderr } = await runAs(this.identity, ["-e", callBus], asked);
    if (stdout === "") throw new Error(`the attacker's own program failed: ${stderr.slice(0, 500)}`);
    const { why, answers } = JSON.parse(stdout) as { why: string; answers: [number, Called][] };
    return { why, answers: new Map(answers) };
  }
}

/** Runs Node with exactly the user, groups and environment of a process; its capabilities are gone with the user. */
function runAs(
  { uid, gid, groups, env }: Identity,
  argv: readonly string[],
  input = "",
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const group = groups.length === 0 ? ["--clear-groups"] : ["--groups", groups.join(",")];
  const who = ["--reuid", String(uid), "--regid", String(gid), ...group, "--no-new-privs"];
  return new Promise((resolve, reject) => {
    const child = spawn("setpriv", [...who, process.execPath, ...argv], { cwd: "/", env, timeout: 60_000 });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (bytes: Buffer) => {
      stdout += bytes.toString("utf8");
    });
    child.stderr.on("data", (bytes: Buffer) => {
      stderr += bytes.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
    child.stdin.on("error", () => undefined); // It may end without having read.
    child.stdin.end(input);
  });
}
