import type { MarkedAuditRow } from "@/lib/wire/rest";
import { route } from "@/lib/wire/routes/export-audit";
import { handle } from "../handle";

const exportPage = 500;

/**
 * The rows as lines, a page at a time: the log may be larger than what one process should hold. Ends where the log did
 * when it was begun, or soon after.
 */
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

export const handler = handle(route, async (ask) => {
  const next = async (after: number) => (await ask.collector("audit.export", { after, limit: exportPage })).rows;
  // Asked before the answer begins, so that a refusal is one.
  const first = await next(0);
  return {
    text: exported(first, next),
    headers: { "Content-Disposition": 'attachment; filename="taproot-audit.jsonl"' },
  };
});
