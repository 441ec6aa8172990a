import { route } from "@/lib/wire/routes/add-user";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("users.add", ask.body) }));
