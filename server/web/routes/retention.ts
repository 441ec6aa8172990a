import { RetentionChange } from "@/lib/wire/retention";
import { type Route, route } from "../route";

/** How long the collector keeps things. */
export const retentionRoutes: readonly Route[] = [
  route("GET", "/api/retention", "admin", {}, async (ask) => ({
    body: await ask.web.collector.call("retention.get", {}, ask.credential),
  })),
  route("PATCH", "/api/retention", "admin", { body: RetentionChange }, async (ask) => ({
    body: await ask.web.collector.call("retention.put", ask.body, ask.credential),
  })),
];
