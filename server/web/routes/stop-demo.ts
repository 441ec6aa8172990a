import { route } from "@/lib/wire/routes/stop-demo";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("demo.stop", {});
  return {};
});
