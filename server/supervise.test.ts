import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let dir: string;
let host: ChildProcess | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "taproot-supervise-"));
  mkdirSync(join(dir, "product/dist"), { recursive: true });
  writeFileSync(join(dir, "product/package.json"), '{"type":"module"}');
  mkdirSync(join(dir, "log"));
  for (const path of [dir, join(dir, "log")]) chmodSync(path, path === dir ? 0o755 : 0o777);
});
afterEach(async () => {
  if (host && host.exitCode === null) {
    const ended = new Promise((resolve) => host?.once("exit", resolve));
    host.kill("SIGKILL");
    await ended;
  }
  rmSync(dir, { recursive: true, force: true });
});

/** A child of the product that says when it was started, and then what `body` does. */
function child(name: string, body: string): void {
  writeFileSync(
    join(dir, `product/dist/${name}.js`),
    `import { appendFileSync, writeSync } from "node:fs";
appendFileSync(${JSON.stringify(join(dir, "log", name))}, "start\\n");
process.on("disconnect", () => process.exit(0));
process.on("message", () => undefined);
${body}
setInterval(() => undefined, 1000);\n`,
  );
}
const starts = (name: string) => {
  try {
    return readFileSync(join(dir, "log", name), "utf8").split("start").length - 1;
  } catch {
    return 0; // Not started yet.
  }
};

it("outlives a web process that writes nonsense on its channel: it is killed and started again, the collector is not", {
  timeout: 60_000,
}, async () => {
  child("collector", "process.send({ ready: true });");
  // Whoever owns the web process holds its end of the channel.
  child("web", 'process.send({ ready: true, url: "http://x" }, () => writeSync(3, "no JSON\\n"));');
  const script = join(dir, "host.ts");
  const call = { argv: ["--port", "0", "--data", join(dir, "data")] };
  writeFileSync(
    script,
    `import { supervise } from ${JSON.stringify(join(root, "server/supervise"))};
void supervise({ ...${JSON.stringify(call)}, dist: new URL(${JSON.stringify(`${pathToFileURL(join(dir, "product/dist"))}/`)}) });\n`,
  );
  let said = "";
  host = spawn(process.execPath, ["--import", "tsx", script], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  host.stderr?.on("data", (bytes) => {
    said += bytes;
  });
  await expect.poll(() => starts("web"), { timeout: 40_000, message: said }).toBeGreaterThanOrEqual(3);
  expect(said).toContain("the web process wrote nonsense on its channel");
  expect(said).toContain("web ended unexpectedly (signal SIGKILL)");
  expect(starts("collector")).toBe(1);
  expect(host.exitCode).toBeNull();
});
