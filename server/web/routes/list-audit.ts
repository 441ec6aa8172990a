import { route } from "@/lib/wire/routes/list-audit";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("audit.list", ask.query) }));
