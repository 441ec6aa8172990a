import { route } from "@/lib/wire/routes/change-retention";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("retention.put", ask.body) }));
