import { route } from "@/lib/wire/routes/health";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  const collector: "up" | "down" = ask.web.collector.up ? "up" : "down";
  return { body: { web: "up" as const, collector } };
});
