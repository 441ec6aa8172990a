import { route } from "@/lib/wire/routes/list-sessions";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("auth.sessions", {}) }));
