import { route } from "@/lib/wire/routes/test-host";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("host.test", { spec: ask.body }) }));
