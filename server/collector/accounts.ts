import type { Opened, Who } from "@/lib/wire/bus";
import {
  addUser,
  changePassword,
  changeUser,
  endSession,
  existing,
  login,
  removeUser,
  sessionsOf,
  users,
} from "../auth/accounts";
import { endAllCredentials } from "../auth/end-all";
import type { Auth } from "../auth/engine";
import { type LoginLimits, limited } from "../auth/login-limits";
import { setupState, useSetup } from "../auth/setup";
import { addToken, allTokens, removeAnyToken, removeToken, tokensOf } from "../auth/tokens";
import { whoIsWith } from "../auth/who";
import { BusProblem } from "../bus/problem";
import type { BusHandlers, BusParsed } from "../bus/server";
import type { AuditRepository } from "../store/repositories/audit";
import type { RefusedRows } from "./refused-rows";

export interface AccountDeps {
  readonly auth: Auth;
  readonly limits: LoginLimits;
  readonly audit: AuditRepository;
  readonly refusals: RefusedRows;
}

/** Log-in, accounts, sessions and API tokens: issued, verified and ended here, whatever the web process says. Each change leaves an audit row. */
export function accountMethods(deps: AccountDeps): BusHandlers {
  return { ...sessionMethods(deps), ...userMethods(deps), ...tokenMethods(deps) };
}

/** Writes down what a person did to accounts. A token is told apart from the person at the screen. */
const note = ({ audit }: AccountDeps, who: Who, what: string, detail = "") =>
  audit.add({
    at: Date.now(),
    who: who.by === "token" ? `${who.name} (by token)` : who.name,
    what,
    host: null,
    outcome: "done",
    detail,
  });

function sessionMethods(deps: AccountDeps): BusHandlers {
  const { auth, limits } = deps;
  return {
    "auth.who": async (_none, who) => ({ who }),
    "auth.login": (params) => open(deps, params, "login"),
    "auth.setupState": ({ token }) => setupState(auth, token),
    "auth.setup": async (params) => {
      await limited(limits, null, params.from, () => useSetup(auth, params));
      return open(deps, params, "first admin made");
    },
    "auth.refused": async ({ route, code, from }, who) => {
      const about = `${route}: ${code}, from ${from.address}`;
      await deps.refusals.note({ who: who?.name ?? "nobody", what: "request refused", about });
      return {};
    },
    "auth.logout": async (_none, who) => {
      if (who.by === "token") throw new BusProblem("bad-request", "A token has no session; revoke it instead.");
      await endSession(auth, who.id, who.session);
      await note(deps, who, "logout");
      return {};
    },
    "auth.password": async ({ from, ...body }, who) => {
      if (who.by === "token") throw new BusProblem("role", "A password is changed in a session, not by token.");
      const check = () => changePassword(auth, who.id, who.session, body);
      const { device } = await limited(limits, who.email, from, check);
      await limits.devices.forget(who.email, device);
      await note(deps, who, "password changed");
      return {};
    },
    "auth.sessions": async (_none, who) => ({ sessions: await sessionsOf(auth, who.id, who.session) }),
    "auth.endSession": async ({ id }, who) => {
      if (!(await endSession(auth, who.id, id))) throw new BusProblem("not-found", "You have no such session.");
      await note(deps, who, "session ended");
      return {};
    },
  };
}

function userMethods(deps: AccountDeps): BusHandlers {
  const { auth, limits } = deps;
  return {
    "users.list": async () => ({ users: await users(auth) }),
    "users.add": async (body, who) => {
      const made = await limits.gate.run("known", () => addUser(auth, body));
      await note(deps, who, "user added", `${made.email}, ${made.role}`);
      return made;
    },
    "users.change": async ({ id, change }, who) => {
      const work = () => changeUser(auth, id, change);
      const changed = await (change.password === undefined ? work() : limits.gate.run("known", work));
      if (change.password !== undefined || change.disabled === true) await limits.devices.forget(changed.email);
      const what = Object.entries(change)
        .map(([field, value]) => (field === "password" ? "password" : `${field} ${value}`))
        .join(", ");
      await note(deps, who, "user changed", `${changed.email}: ${what}`);
      return changed;
    },
    "users.remove": async ({ id }, who) => {
      const removed = await removeUser(auth, id);
      await limits.devices.forget(removed.email);
      await note(deps, who, "user removed", removed.email);
      return {};
    },
    "users.endSessions": async ({ id }, who) => {
      const user = await existing(auth, id);
      await endAllCredentials(auth, user.id);
      await limits.devices.forget(user.email);
      await note(deps, who, "user logged out everywhere", user.email);
      return {};
    },
  };
}

function tokenMethods(deps: AccountDeps): BusHandlers {
  const { auth } = deps;
  return {
    "tokens.list": async (_none, who) => ({ tokens: await tokensOf(auth, who.id) }),
    "tokens.add": async (body, who) => {
      // A token must not breed tokens: revoking a leaked one would then not end the leak.
      if (who.by === "token") throw new BusProblem("role", "Tokens are made in a session, not by token.");
      const made = await addToken(auth, who, body);
      const until = made.row.expiresAt === null ? "never ends" : `until ${new Date(made.row.expiresAt).toISOString()}`;
      await note(deps, who, "token made", `${made.row.name}, ${made.row.role}, ${until}`);
      return made;
    },
    "tokens.remove": async ({ id }, who) => {
      if (!(await removeToken(auth, who.id, id))) throw new BusProblem("not-found", "You have no such token.");
      await note(deps, who, "token revoked");
      return {};
    },
    "tokens.all": async () => ({ tokens: await allTokens(auth) }),
    "tokens.revoke": async ({ id }, who) => {
      const revoked = await removeAnyToken(auth, id);
      if (!revoked) throw new BusProblem("not-found", "There is no such token.");
      await note(deps, who, "token revoked", `${revoked.name} of ${revoked.owner.email}`);
      return {};
    },
  };
}

/** Opens a session for whoever knows the password, and writes down that somebody tried. */
async function open(deps: AccountDeps, params: BusParsed<"auth.login">, what: string): Promise<Opened> {
  const { auth, limits, refusals } = deps;
  const { from, ...body } = params;
  let cookie: string;
  let device: string;
  try {
    const done = await limited(limits, body.email, from, () => login(auth, body, from));
    cookie = done.result;
    device = await limits.devices.seen(done.device, body.email.toLowerCase());
  } catch (error) {
    // Who was tried is worth knowing; the account may not exist, so it is detail and not the actor. Attempts that were not even looked at leave no row: else
    // a stranger could fill the disk with them.
    if (!(error instanceof BusProblem && (error.code === "limited" || error.code === "busy")))
      await refusals.note({ who: "nobody", what, about: `${body.email} from ${from.address}` });
    throw error;
  }
  const who = await whoIsWith(auth, cookie);
  if (!who) throw new Error("a session that was just opened is not known");
  await note(deps, who, what, `from ${from.address}`);
  return { cookie, device, who };
}
