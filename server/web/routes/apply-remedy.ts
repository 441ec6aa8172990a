import { route } from "@/lib/wire/routes/apply-remedy";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("remedy.apply", { run: ask.params.run, ...ask.body });
  return {};
});
