import type { From, Opened, Who } from "@/lib/wire/bus";
import { LoginBody, type Me, PasswordBody, SetupBody } from "@/lib/wire/rest";
import { sessionSeconds } from "@/server/auth/names";
import { cookieLine, deviceLine, deviceOf } from "../http/site";
import { type Answer, type Ask, openRoute, param, type Route, route } from "../route";

/** Login, logout, the first admin, one's own password and sessions: carried to the collector, which issues sessions and ends them. */
export const authRoutes: readonly Route[] = [
  openRoute("POST", "/api/auth/login", { body: LoginBody }, async (ask) =>
    opened(ask, await ask.web.collector.call("auth.login", { ...ask.body, from: fromOf(ask) }, "")),
  ),

  openRoute("GET", "/api/auth/setup", {}, async (ask) => ({
    body: await ask.web.collector.call("auth.setupState", { token: (ask.query.get("token") ?? "").slice(0, 200) }, ""),
  })),
  openRoute("POST", "/api/auth/setup", { body: SetupBody }, async (ask) =>
    opened(ask, await ask.web.collector.call("auth.setup", { ...ask.body, from: fromOf(ask) }, "")),
  ),

  route("POST", "/api/auth/logout", "viewer", {}, async (ask) => {
    await ask.web.collector.call("auth.logout", {}, ask.credential);
    ask.web.sessionsChanged();
    return { headers: { "Set-Cookie": cookieLine("", 0, ask.secure) } };
  }),

  route("POST", "/api/auth/password", "viewer", { body: PasswordBody }, async (ask) => {
    await ask.web.collector.call("auth.password", { ...ask.body, from: fromOf(ask) }, ask.credential);
    ask.web.sessionsChanged();
    return {};
  }),

  route("GET", "/api/auth/sessions", "viewer", {}, async (ask) => ({
    body: await ask.web.collector.call("auth.sessions", {}, ask.credential),
  })),
  route("DELETE", "/api/auth/sessions/:id", "viewer", {}, async (ask) => {
    await ask.web.collector.call("auth.endSession", { id: param(ask, "id") }, ask.credential);
    ask.web.sessionsChanged();
    return {};
  }),

  route("GET", "/api/me", "viewer", {}, async (ask) => ({ body: meOf(ask, ask.who) })),
];

function fromOf(ask: Ask): From {
  const device = deviceOf(ask.request.headers.cookie, ask.secure);
  return {
    address: ask.address,
    browser: (ask.request.headers["user-agent"] ?? "").slice(0, 1000),
    ...(device === undefined ? {} : { device }),
  };
}

const opened = (ask: Ask, { cookie, device, who }: Opened): Answer => ({
  body: meOf(ask, who),
  headers: { "Set-Cookie": [cookieLine(cookie, sessionSeconds, ask.secure), deviceLine(device, ask.secure)] },
});

function meOf(ask: Ask, who: Who): Me {
  const { id, name, email, role } = who;
  return { id, name, email, role, collector: ask.web.collector.up ? "up" : "down" };
}
