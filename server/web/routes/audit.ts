import { z } from "zod";
import { badBody } from "../http/problem";
import { type Route, route } from "../route";

const Page = z.object({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const auditRoutes: readonly Route[] = [
  route("GET", "/api/audit", "operator", {}, async (ask) => {
    const page = Page.safeParse({
      before: ask.query.get("before") ?? undefined,
      limit: ask.query.get("limit") ?? undefined,
    });
    if (!page.success) throw badBody(page.error);
    return { body: await ask.web.collector.call("audit.list", page.data, ask.credential) };
  }),
];
