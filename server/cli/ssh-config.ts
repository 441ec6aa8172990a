import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { resolveTarget, TargetError } from "@/server/collector/ssh/target";
import { showTarget, type Target, UsageError, untilde } from "./targets";

/** What ssh_config says of a host as it was typed: where it leads, and through which hops. */
export type Resolved = ReturnType<typeof resolveTarget>;

/** Looks a host up in ssh_config. Throws UsageError for what cannot be followed (ProxyCommand, a ring of jumps). */
export type Resolve = (target: Target) => Resolved;

/** The resolver over a named file, or over the usual two. Throws UsageError for a named file that cannot be read. */
export function resolverOf(file: string | undefined): Resolve {
  const text =
    file === undefined
      ? // The system's file speaks last and for every host: what stands before its first section must not fall into the user's last one.
        `${withIncludes(join(homedir(), ".ssh", "config"))}\nHost *\n${withIncludes("/etc/ssh/ssh_config")}`
      : included(readNamed(file), join(homedir(), ".ssh"), 0);
  return (target) => {
    try {
      return resolveTarget(showTarget(target), text);
    } catch (error) {
      if (error instanceof TargetError) throw new UsageError(`${showTarget(target)}: ${error.message}`);
      throw error;
    }
  };
}

const deepest = 8;

function withIncludes(file: string): string {
  return included(readIfThere(file), dirname(file), 0);
}

/**
 * The text with its Include lines replaced by what they name, as ssh_config(5) has it: several names a line, `~`, wildcards in the last part (Debian's
 * own file has one), relative names from the folder of the configuration; what is not there is passed over. Throws UsageError for a ring.
 */
function included(text: string, folder: string, depth: number): string {
  return text
    .split(/\r?\n/)
    .map((line) => {
      const names = /^\s*include[\s=]+(.+?)\s*$/i.exec(line)?.[1];
      if (names === undefined) return line;
      if (depth >= deepest) throw new UsageError(`ssh_config: Include goes deeper than ${deepest}: ${line.trim()}`);
      return names
        .split(/\s+/)
        .map((name) => untilde(name.replace(/^"(.*)"$/, "$1")))
        .map((name) => (isAbsolute(name) ? name : join(folder, name)))
        .flatMap(matching)
        .map((file) => included(readIfThere(file), folder, depth + 1))
        .join("\n");
    })
    .join("\n");
}

function matching(pattern: string): string[] {
  const last = basename(pattern);
  if (!/[*?]/.test(last)) return [pattern];
  const source = last
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  const regex = new RegExp(`^${source}$`);
  try {
    return readdirSync(dirname(pattern))
      .filter((name) => regex.test(name) && !name.startsWith("."))
      .sort()
      .map((name) => join(dirname(pattern), name));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return [];
    throw error;
  }
}

function readNamed(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return "";
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
