import { route } from "@/lib/wire/routes/plan-remedy";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("remedy.plan", ask.body) }));
