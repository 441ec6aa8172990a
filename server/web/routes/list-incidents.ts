import { route } from "@/lib/wire/routes/list-incidents";
import { handle } from "../handle";
import { rowOf } from "../incidents/address";

export const handler = handle(route, async (ask) => {
  const { incidents } = await ask.collector("incident.list", {});
  return { body: { incidents: incidents.map((head) => rowOf(head, ask.base)) } };
});
