import { route } from "@/lib/wire/routes/remove-user";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("users.remove", ask.params);
  ask.web.sessionsChanged();
  return {};
});
