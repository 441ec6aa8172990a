import { route } from "@/lib/wire/routes/change-password";
import { handle } from "../handle";
import { fromOf } from "../sessions";

export const handler = handle(route, async (ask) => {
  await ask.collector("auth.password", { ...ask.body, from: fromOf(ask) });
  ask.web.sessionsChanged();
  return {};
});
