import { openApi } from "@/lib/wire/openapi";
import { route } from "@/lib/wire/routes/openapi";
import { routes } from "@/lib/wire/routes/registry";
import { handle } from "../handle";

/** The same for everybody and as long as the process lives. */
let made: ReturnType<typeof openApi> | undefined;

export const handler = handle(route, async () => {
  made ??= openApi(routes);
  return { body: made };
});
