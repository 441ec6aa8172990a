import type { MakeEngine } from "@/server/collector/engine/api";
import type { Connect } from "@/server/collector/ssh/api";
import type { Resolve } from "./specs";
import type { Terminal } from "./terminal";

/** What the commands are given from outside: the real things by main.ts, stand-ins by tests. */
export interface Context {
  readonly terminal: Terminal;
  readonly connect: Connect;
  readonly makeEngine: MakeEngine;
  /** ssh_config from a file, or the usual ones. Throws UsageError for a named file that cannot be read. */
  readonly resolver: (file: string | undefined) => Resolve;
  readonly localUser: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly version: string;
}
