import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "taproot-main-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Starts the process and waits for its end. */
function run(env: Record<string, string>): Promise<{ code: number | null; said: string[] }> {
  const child = spawn(process.execPath, ["--import", "tsx", "server/web/main.ts"], {
    cwd: join(import.meta.dirname, "../.."),
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      TAPROOT_DATA: dir,
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
    ["a data folder that cannot be made", { TAPROOT_DATA: "/proc/nothing" }, /data folder \/proc\/nothing/],
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
    ["a weak secret", { TAPROOT_AUTH_SECRET: "short" }, /TAPROOT_AUTH_SECRET holds less than 32/],
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

  it("is one clear line and exit code 3: a file where the data folder should be", async () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    const { code, said } = await run({ TAPROOT_DATA: file });
    expect(said).toHaveLength(1);
    expect(code).toBe(3);
  });
});
