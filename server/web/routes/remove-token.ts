import { route } from "@/lib/wire/routes/remove-token";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("tokens.remove", ask.params);
  ask.web.sessionsChanged();
  return {};
});
