import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makePem } from "@/server/web/http/pem";
import { testPassword } from "@/server/web/testing";
import { must } from "./host";
import { eventually } from "./support";

/**
 * The examples of docs/reverse-proxy.md, as they stand there, in front of the real web process. Proxy and product have a network namespace of their own, so
 * ports 80, 443 and 3000 are theirs; this process is the visitor, at the other end of a veth.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));
const space = `tpproxy${process.pid}`;
const [visitor, proxy] = ["169.254.77.1", "169.254.77.2"];
const name = "taproot.example.org";
let folder: string;
let site: ChildProcess;
let agent: Agent;
const page = readFileSync(join(root, "docs/reverse-proxy.md"), "utf8");

/** The only block of that language on the page. */
function example(language: string): string {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))];
  expect(blocks, `blocks of ${language}`).toHaveLength(1);
  return (blocks[0]?.[1] ?? "").replaceAll("/etc/taproot/", `${folder}/`);
}

/** Starts a program in the namespace; waits until it prints `until`, or until `ready` says so. */
async function inside(argv: readonly string[], env: Record<string, string>, ready: (said: string) => Promise<boolean>) {
  const child = spawn("ip", ["netns", "exec", space, ...argv], { cwd: root, env: { ...process.env, ...env } });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes) => {
      said += bytes;
    });
  try {
    await eventually(
      async () => child.exitCode !== null || (await ready(said)),
      (is) => is,
      30_000,
    );
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${argv.join(" ")}: ${String(error)}\n${said}`);
  }
  return child;
}
const isOpen = () =>
  ask("/healthz").then(
    (answer) => answer.status === 200,
    () => false,
  );
const ended = (child: ChildProcess | undefined) =>
  new Promise<void>((resolve) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "taproot-proxy-"));
  makePem(folder, "fullchain", `DNS:${name}`);
  writeFileSync(join(folder, "privkey.pem"), readFileSync(join(folder, "fullchain.key")));
  agent = new Agent({
    ca: readFileSync(join(folder, "fullchain.pem")),
    lookup: (_name, options, done) =>
      options.all ? done(null, [{ address: proxy, family: 4 }]) : done(null, proxy, 4),
  });
  await must(["ip", "netns", "add", space]);
  await must(["ip", "link", "add", `${space}v`.slice(-15), "type", "veth", "peer", "name", "px0", "netns", space]);
  await must(["ip", "addr", "add", `${visitor}/30`, "dev", `${space}v`.slice(-15)]);
  await must(["ip", "link", "set", `${space}v`.slice(-15), "up"]);
  await must(["ip", "-n", space, "addr", "add", `${proxy}/30`, "dev", "px0"]);
  for (const dev of ["lo", "px0"]) await must(["ip", "-n", space, "link", "set", dev, "up"]);
  // As the page says: npm start -- --url https://taproot.example.org --proxy
  expect(page.match(new RegExp(`^npm start -- --url https://${name} --proxy$`, "gm"))).toHaveLength(2);
  site = await inside(
    [process.execPath, "--import", "tsx", "e2e/netns/proxy-site.ts"],
    { TAPROOT_URL: `https://${name}`, TAPROOT_PROXY: "1" },
    async (said) => said.includes("ready"),
  );
});
afterAll(async () => {
  await ended(site);
  agent?.destroy();
  await must(["ip", "netns", "del", space]);
  rmSync(folder, { recursive: true, force: true });
});

let server: ChildProcess | undefined;
afterEach(async () => {
  await ended(server);
  server = undefined;
});

const proxies = {
  async nginx() {
    const conf = join(folder, "nginx.conf");
    const wrapped = `pid ${folder}/nginx.pid; error_log stderr; events {} http { access_log off;\n${example("nginx")}}\n`;
    writeFileSync(conf, wrapped);
    server = await inside(["nginx", "-c", conf, "-p", folder, "-g", "daemon off;"], {}, isOpen);
  },
  async caddy() {
    const conf = join(folder, "Caddyfile");
    // Its port for orders is for its own command, and its folders shall not be the machine's.
    writeFileSync(conf, `{\n  admin off\n}\n${example("caddyfile")}`);
    const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    server = await inside(["caddy", "run", "--config", conf, "--adapter", "caddyfile"], home, isOpen);
  },
};

describe.each(Object.entries(proxies))("%s, by the example of the page", (_name, begin) => {
  it("brings login, REST and live sockets, by https alone, and tells the visitor's own address", async () => {
    await begin();
    // Over http: sent on to https, nothing else.
    const plain = await ask("/api/me", { scheme: "http" });
    expect([301, 308]).toContain(plain.status);
    expect(plain.headers.location).toBe(`https://${name}/api/me`);

    const wrong = await login("wrong password here");
    expect(wrong.status).toBe(401);
    const answer = await login(testPassword);
    expect(answer.status, answer.text).toBe(200);
    const line = answer.headers["set-cookie"]?.[0] ?? "";
    expect(line).toMatch(/^__Host-taproot_session=[^;]+; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/);
    expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000");
    const cookie = line.split(";", 1).join("");

    expect((await ask("/api/me", { headers: { Cookie: cookie } })).text).toContain("vic@example.org");
    // The last entries of the audit log: both log-ins, from where this process is, whatever it claims to be.
    const { rows } = JSON.parse((await ask("/api/audit?limit=2", { headers: { Cookie: cookie } })).text);
    const details = rows.map((row: { detail: string }) => row.detail);
    // A refused log-in that follows another within a minute is counted, in a row that comes later: its own may not be there yet.
    expect(details[0]).toBe(`from ${visitor}`);
    for (const detail of details) expect(detail).toContain(`from ${visitor}`);

    expect(await live({ Cookie: cookie })).toEqual({ connected: true, transport: "websocket" });
    expect(await live({ Cookie: cookie, Origin: "https://evil.example" })).toMatchObject({ connected: false });
    expect(await live({})).toMatchObject({ connected: false });
    // A name that is not ours ends at the proxy (Caddy) or at us (nginx), and never with a page.
    const strange = await ask("/login", { headers: { Host: "evil.example" } });
    expect(strange.text).not.toContain("page /login");
  });
});

interface Asked {
  readonly scheme?: "http" | "https";
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}
function ask(path: string, { scheme = "https", method = "GET", headers, body }: Asked = {}) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const type = body ? { "Content-Type": "application/json" } : {};
    const options = { method, headers: { ...type, ...headers }, timeout: 10_000 };
    const request =
      scheme === "https"
        ? httpsRequest(`https://${name}${path}`, { ...options, agent, servername: name })
        : httpRequest(`http://${proxy}${path}`, { ...options, headers: { ...options.headers, Host: name } });
    request.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", reject);
    request.end(body ? JSON.stringify(body) : undefined);
  });
}

/** Claims, as any visitor could, to be somebody else's proxy. */
const login = (password: string) =>
  ask("/api/auth/login", {
    method: "POST",
    body: { email: "vic@example.org", password },
    headers: { Origin: `https://${name}`, "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http" },
  });

/** Begins by polling, as a browser does, and moves on to a WebSocket. */
async function live(headers: Record<string, string>): Promise<{ connected: boolean; transport?: string }> {
  const socket = io(`https://${name}`, {
    // The types are those of a browser; in Node the agent is passed on to https and ws.
    agent: agent as unknown as string,
    forceNew: true,
    reconnection: false,
    extraHeaders: { Origin: `https://${name}`, ...headers },
  });
  try {
    const connected = await new Promise<boolean>((resolve) => {
      socket.on("connect", () => resolve(true));
      socket.on("connect_error", () => resolve(false));
    });
    if (!connected) return { connected };
    const { engine } = socket.io;
    await eventually(
      async () => engine.transport.name,
      (now) => now === "websocket",
    );
    return { connected, transport: engine.transport.name };
  } finally {
    socket.disconnect();
  }
}
