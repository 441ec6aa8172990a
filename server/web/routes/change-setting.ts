import { route } from "@/lib/wire/routes/change-setting";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("settings.put", ask.body) }));
