import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "taproot-main-"));
  writeFileSync(join(dir, "token"), "t".repeat(32));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Starts the process and waits for its end. */
function run(
  env: Record<string, string>,
  script = "server/web/main.ts",
): Promise<{ code: number | null; said: string[] }> {
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: join(import.meta.dirname, "../.."),
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      TAPROOT_DATA: dir,
      TAPROOT_BUS_TOKEN_FILE: join(dir, "token"),
      TAPROOT_HOST: "127.0.0.1",
      TAPROOT_PORT: "0",
      ...env,
    },
    timeout: 30_000,
  });
  const chunks: Buffer[] = [];
  child.stderr.on("data", (chunk) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, said: Buffer.concat(chunks).toString().trim().split("\n") }));
  });
}

describe("what a person has to mend", { timeout: 40_000 }, () => {
  it("is one clear line and exit code 3: a port in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address ? String(address.port) : "";
    const { code, said } = await run({ TAPROOT_PORT: port });
    other.close();
    expect(said).toEqual([`web: 127.0.0.1:${port} is in use: stop what listens there, or set TAPROOT_PORT`]);
    expect(code).toBe(3);
  });

  it.each([
    ["a port that is none", { TAPROOT_PORT: "99999" }, /TAPROOT_PORT=99999/],
    ["no token of the bus", { TAPROOT_BUS_TOKEN_FILE: "" }, /TAPROOT_BUS_TOKEN_FILE is not set/],
    ["a token that is not there", { TAPROOT_BUS_TOKEN_FILE: "/proc/none" }, /TAPROOT_BUS_TOKEN_FILE \/proc\/none/],
    [
      "an address of another machine",
      { TAPROOT_HOST: "192.0.2.1", TAPROOT_INSECURE_HTTP: "1" },
      /192\.0\.2\.1:0 is no address of this machine/,
    ],
    [
      "a certificate that is not there",
      { TAPROOT_TLS_CERT: "/none.pem", TAPROOT_TLS_KEY: "/none.key" },
      /^web: TLS certificate \/none\.pem: /,
    ],
    ["half a certificate", { TAPROOT_TLS_CERT: "/none.pem" }, /--tls-cert .*\/none\.pem: its key is missing/],
    [
      "an address with a path",
      { TAPROOT_URL: "https://a.example.org/taproot" },
      /TAPROOT_URL https:.*\/taproot: only scheme/,
    ],
  ])("is one clear line and exit code 3: %s", async (_name, env, line) => {
    const { code, said } = await run(env);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(line);
    expect(code).toBe(3);
  });

  it("is a choice and exit code 3: http for others", async () => {
    const { code, said } = await run({ TAPROOT_HOST: "0.0.0.0" });
    expect(said[0]).toBe("web: 0.0.0.0 is reached over a network, and nothing here makes that https:");
    expect(said.filter((line) => /^ {2}--/.test(line))).toHaveLength(4);
    expect(code).toBe(3);
  });

  it.each([
    ["a data folder that cannot be made", () => "/proc/nothing", /^collector: the data folder \/proc\/nothing/],
    ["a file where it should be", () => fileAt("file", ""), /^collector: /],
    ["a key that is none", () => folderWith("secret.key", "short"), /^collector: \S+secret\.key is not a secret key/],
  ])("is one clear line and exit code 3, of the collector: %s", async (_name, data, line) => {
    const { code, said } = await run({ TAPROOT_DATA: data() }, "server/collector/main.ts");
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(line);
    expect(code).toBe(3);
  });
});

function fileAt(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

function folderWith(name: string, text: string): string {
  const folder = mkdtempSync(join(dir, "data-"));
  writeFileSync(join(folder, name), text);
  return folder;
}
