import { route } from "@/lib/wire/routes/import-keys";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("keys.import", ask.body) }));
