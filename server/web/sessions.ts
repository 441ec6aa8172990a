import type { From, Opened, Who } from "@/lib/wire/bus";
import type { Me } from "@/lib/wire/rest";
import { sessionSeconds } from "@/server/auth/names";
import type { Request } from "./handle";
import { cookieLine, deviceLine, deviceOf } from "./http/site";

/** Where a request comes from: for limits on guessing, the list of sessions and the audit log. */
export function fromOf(ask: Pick<Request, "address" | "request" | "secure">): From {
  const device = deviceOf(ask.request.headers.cookie, ask.secure);
  return {
    address: ask.address,
    browser: (ask.request.headers["user-agent"] ?? "").slice(0, 1000),
    ...(device === undefined ? {} : { device }),
  };
}

/** The answer that opens a session: whose it is, and its cookies. */
export const opened = (ask: Pick<Request, "secure" | "web">, { cookie, device, who }: Opened) => ({
  body: meOf(ask, who),
  headers: { "Set-Cookie": [cookieLine(cookie, sessionSeconds, ask.secure), deviceLine(device, ask.secure)] },
});

export function meOf({ web }: Pick<Request, "web">, { id, name, email, role }: Who): Me {
  return { id, name, email, role, collector: web.collector.up ? "up" : "down" };
}
