import { route } from "@/lib/wire/routes/retry-host";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("host.retry", { host: ask.params.id });
  return {};
});
