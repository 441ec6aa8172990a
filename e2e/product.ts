/**
 * The whole product as `npm start` runs it: supervisor, web process, collector, a data folder of its own. For specs and benches.
 * It must have been built (`npm run build`); the test command does that first.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, expect, type Page } from "@playwright/test";

const root = fileURLToPath(new URL("..", import.meta.url));
export const password = "a long enough passphrase";
export const admin = { name: "Night Shift", email: "noc@example.org", password };

export class Product {
  private output = "";
  private child: ChildProcess | undefined;
  url = "";

  private constructor(
    readonly data: string,
    private readonly port: number,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {}

  /** Starts it and waits until the page is served. `data`: a folder that an earlier one left. `env`: in place of this process's own. */
  static async start(options: { data?: string; port?: number; env?: NodeJS.ProcessEnv } = {}): Promise<Product> {
    const data = options.data ?? mkdtempSync(join(tmpdir(), "taproot-e2e-"));
    const product = new Product(data, options.port ?? 0, options.env);
    await product.run();
    return product;
  }

  async run(): Promise<void> {
    this.output = "";
    const child = spawn(
      process.execPath,
      ["scripts/start.mjs", "--no-build", "--port", String(this.port), "--data", this.data],
      {
        cwd: root,
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes: Buffer) => {
        this.output += bytes.toString("utf8");
      });
    }
    const deadline = Date.now() + 60_000;
    for (;;) {
      const url = /Taproot is at (https?:\S+)/.exec(this.output)?.[1];
      if (url !== undefined) {
        this.url = url;
        return;
      }
      if (child.exitCode !== null) throw new Error(`taproot ended with ${child.exitCode}:\n${this.output}`);
      if (Date.now() > deadline) throw new Error(`no page within 60 s:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Process id of the supervisor; 0 where none runs. */
  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** What was printed so far. */
  get log(): string {
    return this.output;
  }

  /** The one-time link of the first start. */
  async setupLink(): Promise<string> {
    await expect.poll(() => /(https?:\S+\/setup\?token=\S+)/.exec(this.output)?.[1], { timeout: 20_000 }).toBeTruthy();
    return /(https?:\S+\/setup\?token=\S+)/.exec(this.output)?.[1] ?? "";
  }

  /** Pids of the two processes below the supervisor, by what they run. */
  async pids(): Promise<{ web: number; collector: number }> {
    const { stdout } = await execute("ps", ["-eo", "pid=,ppid=,args="]);
    const mine = stdout
      .split("\n")
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
      .filter((match) => match !== null && Number(match[2]) === this.child?.pid);
    const find = (name: string) => Number(mine.find((match) => match?.[3]?.includes(`dist/${name}.js`))?.[1] ?? 0);
    return { web: find("web"), collector: find("collector") };
  }

  async stop(): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    return ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Runs a program in the project's folder to its end. */
export function execute(
  file: string,
  args: readonly string[],
): Promise<{ stdout: string; stderr: string; status: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stderr.on("data", (bytes: Buffer) => {
      stderr += bytes.toString("utf8");
    });
    child.stdout.on("data", (bytes: Buffer) => {
      stdout += bytes.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ stdout, stderr, status }));
  });
}

/** Makes the first admin by the one-time link, as a person would; the page is logged in then. */
export async function becomeAdmin(page: Page, product: Product): Promise<void> {
  await page.goto(await product.setupLink());
  await page.getByLabel("Your name").fill(admin.name);
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Make admin and log in" }).click();
  await page.waitForURL(`${product.url}/`);
}

/** A request of the logged-in person, past the page. Throws with the answer's text when it is refused. */
export async function api<T>(
  context: BrowserContext,
  product: Product,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await context.request.fetch(`${product.url}/api${path}`, {
    method,
    headers: { Origin: product.url },
    ...(body === undefined ? {} : { data: body }),
  });
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
  const text = await answer.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
