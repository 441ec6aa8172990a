import { type AuditCheck, checkAudit } from "@/server/store/audit-check";
import { StoreError } from "@/server/store/errors";
import type { Context } from "../context";
import { UsageError } from "../targets";
import { visible } from "../visible";

export interface AuditVerifyOptions {
  readonly data: string;
  readonly keyFile?: string;
}

/** `taproot audit verify`: 0 where the log is as it was written, 1 where it is not, each place named. Throws UsageError where it cannot be looked at. */
export function auditVerifyCommand({ data, keyFile }: AuditVerifyOptions, { terminal }: Context): number {
  let check: AuditCheck;
  try {
    check = checkAudit(data, keyFile === undefined ? process.env : { TAPROOT_KEY_FILE: keyFile });
  } catch (error) {
    if (error instanceof StoreError) throw new UsageError(error.message);
    throw error;
  }
  for (const fault of check.faults) terminal.out(`${visible(fault)}\n`);
  const rows = check.rows === 0 ? "no rows" : `${check.rows} rows from row ${check.first} on`;
  terminal.out(
    check.faults.length === 0
      ? `the audit log is as it was written: ${rows}\n`
      : `the audit log was changed: ${rows}\n`,
  );
  return check.faults.length === 0 ? 0 : 1;
}
