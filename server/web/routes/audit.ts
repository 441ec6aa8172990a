import { z } from "zod";
import type { MarkedAuditRow } from "@/lib/wire/rest";
import { badBody } from "../http/problem";
import { type Route, route } from "../route";

const Page = z.object({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const exportPage = 500;

/** The rows as lines, a page at a time: the log may be larger than what one process should hold. Ends where the log did when it was begun, or soon after. */
async function* exported(
  first: readonly MarkedAuditRow[],
  next: (after: number) => Promise<readonly MarkedAuditRow[]>,
) {
  for (let rows = first; rows.length > 0; ) {
    yield rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const last = rows.at(-1);
    if (!last || rows.length < exportPage) return;
    rows = await next(last.id);
  }
}

export const auditRoutes: readonly Route[] = [
  route("GET", "/api/audit", "operator", {}, async (ask) => {
    const page = Page.safeParse({
      before: ask.query.get("before") ?? undefined,
      limit: ask.query.get("limit") ?? undefined,
    });
    if (!page.success) throw badBody(page.error);
    return { body: await ask.web.collector.call("audit.list", page.data, ask.credential) };
  }),
  route("GET", "/api/audit/export", "operator", {}, async (ask) => {
    const next = async (after: number) =>
      (await ask.web.collector.call("audit.export", { after, limit: exportPage }, ask.credential)).rows;
    // Asked before the answer begins, so that a refusal is one.
    const first = await next(0);
    return {
      stream: { type: "application/jsonl; charset=utf-8", lines: exported(first, next) },
      headers: { "Content-Disposition": 'attachment; filename="taproot-audit.jsonl"' },
    };
  }),
];
