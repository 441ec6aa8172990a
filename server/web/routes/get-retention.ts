import { route } from "@/lib/wire/routes/get-retention";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("retention.get", {}) }));
