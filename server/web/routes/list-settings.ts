import { route } from "@/lib/wire/routes/list-settings";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("settings.list", {}) }));
