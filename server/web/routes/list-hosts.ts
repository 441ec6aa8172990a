import { route } from "@/lib/wire/routes/list-hosts";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  const { cards } = await ask.collector("fleet.cards", {});
  return { body: { cards } };
});
