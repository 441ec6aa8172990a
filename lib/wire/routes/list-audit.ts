import * as z from "zod";
import { AuditPage } from "../rest";
import { defineRoute } from "./define";

const Page = z.object({
  /** Id of the last row of the page before. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const route = defineRoute({
  method: "GET",
  path: "/api/audit",
  role: "operator",
  summary: "A page of the audit log, newest first.",
  query: Page,
  result: AuditPage,
  errors: [],
});
