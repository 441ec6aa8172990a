import { route } from "@/lib/wire/routes/set-up";
import { handle } from "../handle";
import { fromOf, opened } from "../sessions";

export const handler = handle(route, async (ask) =>
  opened(ask, await ask.asNobody("auth.setup", { ...ask.body, from: fromOf(ask) })),
);
