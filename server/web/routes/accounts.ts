import { NewToken, NewUser, UserChange } from "@/lib/wire/rest";
import { param, type Route, route } from "../route";

/** Users and everybody's API tokens, for admins, and one's own tokens: issued, changed and written down by the collector. */
export const accountRoutes: readonly Route[] = [
  route("GET", "/api/users", "admin", {}, async (ask) => ({
    body: await ask.web.collector.call("users.list", {}, ask.credential),
  })),
  route("POST", "/api/users", "admin", { body: NewUser }, async (ask) => ({
    status: 201,
    body: await ask.web.collector.call("users.add", ask.body, ask.credential),
  })),
  route("PATCH", "/api/users/:id", "admin", { body: UserChange }, async (ask) => {
    const params = { id: param(ask, "id"), change: ask.body };
    const body = await ask.web.collector.call("users.change", params, ask.credential);
    ask.web.sessionsChanged();
    return { body };
  }),
  route("DELETE", "/api/users/:id", "admin", {}, async (ask) => {
    await ask.web.collector.call("users.remove", { id: param(ask, "id") }, ask.credential);
    ask.web.sessionsChanged();
    return {};
  }),
  route("DELETE", "/api/users/:id/sessions", "admin", {}, async (ask) => {
    await ask.web.collector.call("users.endSessions", { id: param(ask, "id") }, ask.credential);
    ask.web.sessionsChanged();
    return {};
  }),

  route("GET", "/api/tokens", "viewer", {}, async (ask) => ({
    body: await ask.web.collector.call("tokens.list", {}, ask.credential),
  })),
  route("POST", "/api/tokens", "viewer", { body: NewToken }, async (ask) => ({
    status: 201,
    body: await ask.web.collector.call("tokens.add", ask.body, ask.credential),
  })),
  route("DELETE", "/api/tokens/:id", "viewer", {}, async (ask) => {
    await ask.web.collector.call("tokens.remove", { id: param(ask, "id") }, ask.credential);
    ask.web.sessionsChanged();
    return {};
  }),
  route("GET", "/api/tokens/all", "admin", {}, async (ask) => ({
    body: await ask.web.collector.call("tokens.all", {}, ask.credential),
  })),
  route("DELETE", "/api/tokens/all/:id", "admin", {}, async (ask) => {
    await ask.web.collector.call("tokens.revoke", { id: param(ask, "id") }, ask.credential);
    ask.web.sessionsChanged();
    return {};
  }),
];
