import type { BusHandlers } from "../bus/server";
import type { AuditRepository } from "../store/repositories/audit";

/** The audit log, to be read and to be taken along; that it was taken is written down. */
export function auditMethods(audit: AuditRepository): BusHandlers {
  return {
    "audit.list": async ({ limit, before }) => ({ rows: await audit.list(limit, before) }),
    "audit.export": async ({ after, limit }, who) => {
      const row = { at: Date.now(), who: who.name, what: "audit log exported", host: null, outcome: "done" };
      if (after === 0) await audit.add({ ...row, detail: "" });
      return { rows: await audit.export(after, limit) };
    },
  };
}
