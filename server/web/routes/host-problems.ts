import { route } from "@/lib/wire/routes/host-problems";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => ({
  body: await ask.collector("problem.history", { host: ask.params.id, ...ask.query }),
}));
