import { route } from "@/lib/wire/routes/list-users";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("users.list", {}) }));
