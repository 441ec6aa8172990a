import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Connect, type KeyBook, SshFailure } from "@/server/collector/ssh/api";
import { approvalLine } from "@/server/collector/ssh/known-hosts";
import { UsageError } from "./targets";

/** Files that OpenSSH itself reads; one that is not there is an empty one. */
export const defaultKnownHosts = () => [join(homedir(), ".ssh", "known_hosts"), "/etc/ssh/ssh_known_hosts"];

/** Known host keys from files. Throws UsageError for a file of `named` that cannot be read. */
export function keyBookOf(named: readonly string[], defaults: readonly string[] = defaultKnownHosts()): KeyBook {
  const lines = [
    ...defaults.flatMap((file) => readLines(file, false)),
    ...named.flatMap((file) => readLines(file, true)),
  ];
  return { lines: () => lines };
}

function readLines(file: string, required: boolean): string[] {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (!required && (code === "ENOENT" || code === "EACCES" || code === "ENOTDIR")) return [];
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** "SHA256:..." as ssh-keygen -l prints it. Throws UsageError. */
export function parseFingerprint(text: string): string {
  const bare = text.trim().replace(/=+$/, "");
  if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(bare))
    throw new UsageError(`--accept-host-key ${text}: not SHA256: and 43 characters, as ssh-keygen -l prints it`);
  return bare;
}

/**
 * Connects; a key that is not on record is taken where a person has named its fingerprint, and only then. A *changed* key is refused whatever was
 * named: the old one must be taken off the record first, knowingly.
 */
export function accepting(connect: Connect, accepted: ReadonlySet<string>): Connect {
  return async (spec, keys, options) => {
    const lines = [...keys.lines()];
    // Each hop and the host itself may ask once.
    for (let asked = 0; ; asked += 1) {
      try {
        return await connect(spec, { lines: () => lines }, options);
      } catch (error) {
        if (!(error instanceof SshFailure) || error.kind !== "key-unknown" || error.question === undefined) throw error;
        if (!accepted.has(error.question.fingerprint) || asked > spec.jump.length) throw error;
        lines.push(approvalLine(error.question));
      }
    }
  };
}
