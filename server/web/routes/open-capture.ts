import { route } from "@/lib/wire/routes/open-capture";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({ body: await ask.collector("capture.open", ask.body) }));
