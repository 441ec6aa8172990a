import { MarkedAuditRow } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/audit/export",
  role: "operator",
  summary: "The whole audit log, a row a line, oldest first.",
  result: { media: "application/jsonl", line: MarkedAuditRow },
  errors: [],
});
