import { route } from "@/lib/wire/routes/incident-markdown";
import { handle } from "../handle";
import { urlOf } from "../incidents/address";
import { markdownOf } from "../incidents/markdown";

export const handler = handle(route, async (ask) => {
  const { head, body } = await ask.collector("incident.get", ask.params);
  return {
    text: markdownOf(body, urlOf(head, ask.base)),
    headers: { "Content-Disposition": 'inline; filename="incident.md"' },
  };
});
