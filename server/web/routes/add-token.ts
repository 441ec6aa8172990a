import { route } from "@/lib/wire/routes/add-token";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("tokens.add", ask.body) }));
