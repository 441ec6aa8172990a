import { route } from "@/lib/wire/routes/add-incident";
import { handle } from "../handle";
import { rowOf } from "../incidents/address";

export const handler = handle(route, async (ask) => ({
  body: rowOf(await ask.collector("incident.add", ask.body), ask.base),
}));
