import { route } from "@/lib/wire/routes/remove-host";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("host.remove", { host: ask.params.id });
  return {};
});
