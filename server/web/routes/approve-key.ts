import { route } from "@/lib/wire/routes/approve-key";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("host.approveKey", ask.body);
  return {};
});
