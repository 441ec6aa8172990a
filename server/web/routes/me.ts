import { route } from "@/lib/wire/routes/me";
import { handle } from "../handle";
import { meOf } from "../sessions";

export const handler = handle(route, async (ask) => ({ body: meOf(ask, ask.who) }));
