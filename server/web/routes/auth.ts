import { LoginBody, type Me, PasswordBody, SetupBody } from "@/lib/wire/rest";
import { changePassword, endSession, login, sessionsOf } from "@/server/auth/accounts";
import { sessionSeconds } from "@/server/auth/engine";
import { limited } from "@/server/auth/login-limits";
import { AuthProblem } from "@/server/auth/problem";
import { setupState, useSetup } from "@/server/auth/setup";
import type { Who } from "@/server/auth/who";
import { noteAudit } from "../audit-note";
import { HttpProblem } from "../http/problem";
import { cookieLine } from "../http/site";
import { type Answer, type Ask, openRoute, param, type Route, route } from "../route";

/** Login, logout, the first admin, one's own password and sessions. */
export const authRoutes: readonly Route[] = [
  openRoute("POST", "/api/auth/login", { body: LoginBody }, (ask) => openSession(ask, ask.body, "login")),

  openRoute("GET", "/api/auth/setup", {}, async (ask) => ({
    body: await setupState(ask.web.auth, ask.query.get("token") ?? ""),
  })),
  openRoute("POST", "/api/auth/setup", { body: SetupBody }, async (ask) => {
    await limited(ask.web.limits, null, ask.address, () => useSetup(ask.web.auth, ask.body));
    return openSession(ask, ask.body, "first admin made");
  }),

  route("POST", "/api/auth/logout", "viewer", {}, async (ask) => {
    if (ask.who.by === "token") throw new HttpProblem(400, "bad-request", "A token has no session; revoke it instead.");
    await endSession(ask.web.auth, ask.who.id, ask.who.session);
    await noteAudit(ask, "logout", "done");
    ask.web.sessionsChanged();
    return { headers: { "Set-Cookie": cookieLine("", 0, ask.secure) } };
  }),

  route("POST", "/api/auth/password", "viewer", { body: PasswordBody }, async (ask) => {
    if (ask.who.by === "token") throw new HttpProblem(403, "role", "A password is changed in a session, not by token.");
    const change = () => changePassword(ask.web.auth, ask.who.id, ask.who.session, ask.body);
    await limited(ask.web.limits, ask.who.email, ask.address, change);
    await noteAudit(ask, "password changed", "done");
    ask.web.sessionsChanged();
    return {};
  }),

  route("GET", "/api/auth/sessions", "viewer", {}, async (ask) => ({
    body: { sessions: await sessionsOf(ask.web.auth, ask.who.id, ask.who.session) },
  })),
  route("DELETE", "/api/auth/sessions/:id", "viewer", {}, async (ask) => {
    if (!(await endSession(ask.web.auth, ask.who.id, param(ask, "id"))))
      throw new HttpProblem(404, "not-found", "You have no such session.");
    await noteAudit(ask, "session ended", "done");
    ask.web.sessionsChanged();
    return {};
  }),

  route("GET", "/api/me", "viewer", {}, async (ask) => ({ body: meOf(ask, ask.who) })),
];

async function openSession(
  ask: Ask,
  body: { readonly email: string; readonly password: string },
  what: string,
): Promise<Answer> {
  const from = { address: ask.address, browser: ask.request.headers["user-agent"] ?? "" };
  const { web } = ask;
  let cookie: string;
  try {
    cookie = await limited(web.limits, body.email, ask.address, () => login(web.auth, body, from));
  } catch (error) {
    // Who was tried is worth knowing; the account may not exist, so it is detail and not the actor. Attempts that were not even looked at leave no row: else a
    // stranger could fill the disk with them.
    const tried = { at: Date.now(), who: "nobody", what, host: null, outcome: "refused" };
    if (!(error instanceof AuthProblem && error.code === "limited"))
      await web.store.audit.add({ ...tried, detail: `${body.email} from ${ask.address}` });
    throw error;
  }
  const who = await web.whoIs(cookie);
  if (!who) throw new Error("a session that was just opened is not known");
  await noteAudit({ ...ask, who }, what, "done", { detail: `from ${ask.address}` });
  return { body: meOf(ask, who), headers: { "Set-Cookie": cookieLine(cookie, sessionSeconds, ask.secure) } };
}

function meOf(ask: Ask, who: Who): Me {
  const { id, name, email, role } = who;
  return { id, name, email, role, collector: ask.web.collector.up ? "up" : "down" };
}
