import type { MakeEngine } from "@/server/collector/engine/api";
import type { Connect } from "@/server/collector/ssh/api";
import type { Terminal } from "./terminal";

/** What the commands are given from outside. */
export interface Context {
  readonly terminal: Terminal;
  readonly connect: Connect;
  readonly makeEngine: MakeEngine;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly version: string;
}
