import { route } from "@/lib/wire/routes/change-user";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  const body = await ask.collector("users.change", { id: ask.params.id, change: ask.body });
  ask.web.sessionsChanged();
  return { body };
});
