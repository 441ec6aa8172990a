import { route } from "@/lib/wire/routes/end-session";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("auth.endSession", ask.params);
  ask.web.sessionsChanged();
  return {};
});
