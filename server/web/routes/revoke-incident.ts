import { route } from "@/lib/wire/routes/revoke-incident";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("incident.revoke", ask.params);
  return {};
});
