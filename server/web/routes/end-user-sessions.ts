import { route } from "@/lib/wire/routes/end-user-sessions";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("users.endSessions", ask.params);
  ask.web.sessionsChanged();
  return {};
});
