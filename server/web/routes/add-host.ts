import { route } from "@/lib/wire/routes/add-host";
import { handle } from "../handle";

export const handler = handle(route, async (ask) => {
  await ask.collector("host.save", { spec: ask.body });
  return {};
});
