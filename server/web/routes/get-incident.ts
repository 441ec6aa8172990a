import { route } from "@/lib/wire/routes/get-incident";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  const { body } = await ask.collector("incident.get", ask.params);
  return { body };
});
