import type { BusHandlers } from "../bus/server";
import type { AuditRepository } from "../store/repositories/audit";

/** The audit log, to be read. */
export function auditMethods(audit: AuditRepository): BusHandlers {
  return { "audit.list": async ({ limit, before }) => ({ rows: await audit.list(limit, before) }) };
}
