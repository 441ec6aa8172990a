import { route } from "@/lib/wire/routes/start-demo";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("demo.start", ask.body);
  return {};
});
