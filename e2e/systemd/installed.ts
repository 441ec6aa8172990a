import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "@/scripts/build.mjs";
import { must } from "../netns/host";
import { bootMachine, type Machine, type Release } from "./machine";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const where = "/opt/taproot";
const addon = "node_modules/better-sqlite3/build/Release/better_sqlite3.node";

/** The `sh` blocks of docs/install-systemd.md, as they are written. */
export function installSteps(): readonly string[] {
  const page = readFileSync(`${checkout}docs/install-systemd.md`, "utf8");
  return [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
}

/**
 * A machine with this checkout, built, as /opt/taproot and our node as /usr/bin/node, both read-only: the first block of the page is done, for a machine without
 * a network can do it no other way. The rest of the page is not.
 */
export async function bootWithProduct(release: Release): Promise<Machine> {
  await build();
  const machine = await bootMachine(release, { binds: { [where]: checkout, "/usr/bin/node": process.execPath } });
  try {
    if ((await machine.exec(["node", "-e", `require("${where}/${addon}")`])).status !== 0) await ownLibc(machine);
    await machine.must(["node", "-e", `new (require("${where}/node_modules/better-sqlite3"))(":memory:")`]);
    return machine;
  } catch (error) {
    await machine.dispose();
    throw error;
  }
}

/**
 * What was compiled here wants a newer C library than the release has: node is run by ours. On a real one npm compiles it anew. systemd, its sandboxes and
 * their filters are the release's own all the same.
 */
async function ownLibc(machine: Machine): Promise<void> {
  const folder = "/opt/libc";
  const linked = await must(["ldd", process.execPath, `${checkout}${addon}`]);
  const files = [...linked.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map((match) => match[1] ?? "");
  for (const file of new Set(files)) await machine.copy(file, `${folder}/${basename(file)}`);
  const loader = files.find((file) => basename(file).startsWith("ld-linux"));
  if (loader === undefined) throw new Error(`ldd names no loader: ${linked}`);
  await machine.must(["umount", "/usr/bin/node"]);
  await machine.copy(process.execPath, `${folder}/node`);
  const script = `#!/bin/sh\nexec ${folder}/${basename(loader)} --library-path ${folder} ${folder}/node "$@"\n`;
  await machine.write("/usr/bin/node", script, 0o755);
}

export interface Answer {
  readonly status: number;
  readonly cookie: string;
  readonly location: string;
  readonly body: string;
}

const asking = `
const [url, method, cookie, body] = process.argv.slice(1);
const headers = { origin: new URL(url).origin, ...(cookie && { cookie }), ...(body && { "content-type": "application/json" }) };
const ask = require("http").request(url, { method, headers, timeout: 10000 }, (res) => {
  let text = "";
  res.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => {
    const [set = ""] = res.headers["set-cookie"] ?? [];
    console.log(JSON.stringify({ status: res.statusCode, cookie: set.split(";")[0], location: res.headers.location ?? "", body: text }));
  });
});
ask.on("timeout", () => ask.destroy(new Error("no answer in 10 s"))).on("error", (error) => { console.error(error.message); process.exit(1); }).end(body);`;

/** Asks the page from within the machine, as a browser there would. Status 0 where nobody answers. */
export async function askPage(
  machine: Machine,
  method: "GET" | "POST",
  path: string,
  { cookie = "", body }: { cookie?: string; body?: object } = {},
): Promise<Answer> {
  const url = `http://127.0.0.1:3000${path}`;
  const argv = ["node", "-e", asking, url, method, cookie, body ? JSON.stringify(body) : ""];
  const asked = await machine.exec(argv);
  if (asked.status !== 0) return { status: 0, cookie: "", location: "", body: asked.stderr };
  return JSON.parse(asked.stdout) as Answer;
}
