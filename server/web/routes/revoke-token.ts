import { route } from "@/lib/wire/routes/revoke-token";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("tokens.revoke", ask.params);
  ask.web.sessionsChanged();
  return {};
});
