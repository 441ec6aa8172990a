import { route } from "@/lib/wire/routes/list-tokens";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("tokens.list", {}) }));
