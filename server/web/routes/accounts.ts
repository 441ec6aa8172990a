import { NewToken, NewUser, UserChange } from "@/lib/wire/rest";
import { addUser, changeUser, endSessions, existing, removeUser, users } from "@/server/auth/accounts";
import { addToken, removeToken, tokensOf } from "@/server/auth/tokens";
import { noteAudit } from "../audit-note";
import { HttpProblem } from "../http/problem";
import { type KnownAsk, param, type Route, route } from "../route";

/** Users, for admins, and one's own API tokens. */
export const accountRoutes: readonly Route[] = [
  route("GET", "/api/users", "admin", {}, async (ask) => ({ body: { users: await users(ask.web.auth) } })),
  route("POST", "/api/users", "admin", { body: NewUser }, async (ask) => {
    const made = await addUser(ask.web.auth, ask.body);
    await noteAudit(ask, "user added", "done", { detail: `${made.email}, ${made.role}` });
    return { status: 201, body: made };
  }),
  route("PATCH", "/api/users/:id", "admin", { body: UserChange }, async (ask) => {
    const changed = await changeUser(ask.web.auth, param(ask, "id"), ask.body);
    const what = Object.entries(ask.body)
      .map(([field, value]) => (field === "password" ? "password" : `${field} ${value}`))
      .join(", ");
    await noteAudit(ask, "user changed", "done", { detail: `${changed.email}: ${what}` });
    ask.web.sessionsChanged();
    return { body: changed };
  }),
  route("DELETE", "/api/users/:id", "admin", {}, async (ask) => {
    const removed = await removeUser(ask.web.auth, param(ask, "id"));
    await noteAudit(ask, "user removed", "done", { detail: removed.email });
    ask.web.sessionsChanged();
    return {};
  }),
  route("DELETE", "/api/users/:id/sessions", "admin", {}, async (ask) => {
    const user = await existing(ask.web.auth, param(ask, "id"));
    await endSessions(ask.web.auth, user.id);
    await noteAudit(ask, "user logged out everywhere", "done", { detail: user.email });
    ask.web.sessionsChanged();
    return {};
  }),

  route("GET", "/api/tokens", "viewer", {}, async (ask) => ({
    body: { tokens: await tokensOf(ask.web.auth, ask.who.id) },
  })),
  route("POST", "/api/tokens", "viewer", { body: NewToken }, async (ask) => {
    inSession(ask);
    const made = await addToken(ask.web.auth, ask.who, ask.body);
    await noteAudit(ask, "token made", "done", { detail: `${made.row.name}, ${made.row.role}` });
    return { status: 201, body: made };
  }),
  route("DELETE", "/api/tokens/:id", "viewer", {}, async (ask) => {
    if (!(await removeToken(ask.web.auth, ask.who.id, param(ask, "id"))))
      throw new HttpProblem(404, "not-found", "You have no such token.");
    await noteAudit(ask, "token revoked", "done");
    ask.web.sessionsChanged();
    return {};
  }),
];

/** A token must not breed tokens: revoking a leaked one would then not end the leak. */
function inSession(ask: KnownAsk): void {
  if (ask.who.by === "token") throw new HttpProblem(403, "role", "Tokens are made in a session, not by token.");
}
