import { route } from "@/lib/wire/routes/setup-state";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.asNobody("auth.setupState", ask.query) }));
