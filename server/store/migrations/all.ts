import type { Kysely } from "kysely";
import { up as first } from "./0001-first";
import { up as remedyRuns } from "./0002-remedy-runs";
import { up as knownKeyMark } from "./0004-known-key-mark";
import { up as loginLimits } from "./0005-login-limits";
import { up as auditChain } from "./0006-audit-chain";
import { up as problemBody } from "./0007-problem-body";

export interface Migration {
  readonly id: string;
  up(db: Kysely<unknown>): Promise<void>;
}

/** In order, forward only. A landed migration is never edited: the next change is the next file. */
export const migrations: readonly Migration[] = [
  { id: "0001-first", up: first },
  { id: "0002-remedy-runs", up: remedyRuns },
  { id: "0004-known-key-mark", up: knownKeyMark },
  { id: "0005-login-limits", up: loginLimits },
  { id: "0006-audit-chain", up: auditChain },
  { id: "0007-problem-body", up: problemBody },
];
