/** Another commit of this repository, installed and built beside it, to be measured in turns with this one. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** This checkout's folder, with a slash at its end. */
export const here = fileURLToPath(new URL("../..", import.meta.url));

export interface Checkout {
  readonly commit: string;
  /** Its folder, with a slash at its end. */
  readonly tree: string;
  remove(): Promise<void>;
}

/**
 * Makes a worktree of a commit in the folder for temporary files, installs what its own lock names, and builds it. Takes minutes. Rejects where the commit is not known, or what it takes
 * cannot be had.
 */
export async function checkOut(name: string): Promise<Checkout> {
  const commit = (await run("git", ["rev-parse", "--verify", "--end-of-options", `${name}^{commit}`], here)).trim();
  const folder = mkdtempSync(join(tmpdir(), "taproot-bench-"));
  const tree = `${folder}/tree/`;
  const remove = async () => {
    await run("git", ["worktree", "remove", "--force", tree], here).catch(() => "");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await run("git", ["worktree", "add", "--detach", tree, commit], here);
    await run("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"], tree);
    slowPulse(tree);
    await run(process.execPath, ["scripts/build.mjs"], tree);
    return { commit: commit.slice(0, 7), tree, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Commits before the bench of pages have a web process for tests whose pulse cannot be set. It must beat as the product's does: each beat is work of the page. */
function slowPulse(tree: string): void {
  const path = `${tree}e2e/ui/site-process.ts`;
  const text = readFileSync(path, "utf8");
  if (text.includes("TAPROOT_TEST_PULSE_MS")) return;
  const slower = text.replace("pulseMs: 300", "pulseMs: Number(process.env.TAPROOT_TEST_PULSE_MS ?? 300)");
  if (slower === text) throw new Error(`${path} does not say how fast its pulse is`);
  writeFileSync(path, slower);
}

/** Runs a program to its end; what it printed. Rejects with its last lines where it fails, unless `mayFail`. */
export function run(file: string, args: readonly string[], cwd: string, mayFail = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let tail = "";
    child.stdout.on("data", (bytes: Buffer) => {
      stdout += bytes.toString("utf8");
    });
    child.stderr.on("data", (bytes: Buffer) => {
      tail = (tail + bytes.toString("utf8")).slice(-4_000);
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0 || mayFail) resolve(stdout);
      else reject(new Error(`${file} ${args.join(" ")} ended with ${status}:\n${stdout.slice(-2_000)}${tail}`));
    });
  });
}
