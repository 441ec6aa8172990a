import { route } from "@/lib/wire/routes/log-in";
import { handle } from "../handle";
import { fromOf, opened } from "../sessions";

export const handler = handle(route, async (ask) =>
  opened(ask, await ask.asNobody("auth.login", { ...ask.body, from: fromOf(ask) })),
);
