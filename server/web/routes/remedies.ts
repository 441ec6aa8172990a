import { z } from "zod";
import { param, type Route, route } from "../route";

const Plan = z.object({
  host: z.string().min(1).max(200),
  finding: z.string().min(1).max(1000),
  choice: z.string().max(1000).optional(),
});
const Apply = z.object({ typedHost: z.string().max(200).optional() });

/** Remedies: asked for here, decided, carried out and written to the audit log by the collector. */
export const remedyRoutes: readonly Route[] = [
  route("POST", "/api/remedies", "operator", { body: Plan }, async (ask) => ({
    body: await ask.web.collector.call("remedy.plan", ask.body, ask.credential),
  })),
  route("POST", "/api/remedies/:run/apply", "operator", { body: Apply }, async (ask) => {
    await ask.web.collector.call("remedy.apply", { run: param(ask, "run"), ...ask.body }, ask.credential);
    return {};
  }),
  route("POST", "/api/remedies/:run/undo", "operator", {}, async (ask) => {
    await ask.web.collector.call("remedy.undo", { run: param(ask, "run") }, ask.credential);
    return {};
  }),
];
