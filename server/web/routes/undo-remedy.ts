import { route } from "@/lib/wire/routes/undo-remedy";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("remedy.undo", ask.params);
  return {};
});
