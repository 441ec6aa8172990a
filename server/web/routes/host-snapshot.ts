import { route } from "@/lib/wire/routes/host-snapshot";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({
  body: await ask.collector("host.snapshot", { host: ask.params.id }),
}));
