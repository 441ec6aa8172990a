import { route } from "@/lib/wire/routes/log-out";
import { handle } from "../handle";
import { cookieLine } from "../http/site";

export const handler = handle(route, async (ask) => {
  await ask.collector("auth.logout", {});
  ask.web.sessionsChanged();
  return { headers: { "Set-Cookie": cookieLine("", 0, ask.secure) } };
});
