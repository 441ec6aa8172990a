import type { From } from "@/lib/wire/bus";
import type { LoginBody, NewUser, PasswordBody, SessionRow, UserChange, UserRow } from "@/lib/wire/rest";
import { BusProblem } from "@/server/bus/problem";
import { endAllCredentials } from "./end-all";
import type { Auth } from "./engine";
import { isLastAdmin, oneAtATime } from "./last-admin";
import { cookieName } from "./names";
import { roleOf } from "./roles";
import { capTokensOf } from "./tokens";

/**
 * Checks e-mail and password, opens a session and returns the value of its cookie.
 * @throws BusProblem for a wrong password or an unknown account (the same sentence and the same time for both), 403 for a disabled one.
 */
export async function login(auth: Auth, body: LoginBody, from: From): Promise<string> {
  const headers = new Headers({ "x-taproot-address": from.address, "user-agent": printable(from.browser) });
  try {
    const { headers: answer } = await auth.api.signInEmail({
      body: { email: body.email, password: body.password },
      headers,
      returnHeaders: true,
    });
    const cookie = answer.getSetCookie().find((line) => line.startsWith(`${cookieName}=`));
    const value = cookie?.slice(cookieName.length + 1).split(";")[0];
    if (!value) throw new Error("better-auth opened a session without a cookie");
    return value;
  } catch (error) {
    const code = codeOf(error);
    if (code === "INVALID_EMAIL_OR_PASSWORD" || code === "INVALID_EMAIL")
      throw new BusProblem("bad-login", "E-mail or password is wrong.");
    if (code === "BANNED_USER") throw new BusProblem("disabled", "This account is disabled. Ask an admin.");
    throw error;
  }
}

/** Ends one session of a user, by the session's id. Returns false when that user has no such session. */
export async function endSession(auth: Auth, userId: string, sessionId: string): Promise<boolean> {
  const sessions = await auth.context.internalAdapter.listSessions(userId);
  const found = sessions.find((session) => session.id === sessionId);
  if (found) await auth.context.internalAdapter.deleteSession(found.token);
  return found !== undefined;
}

/** Sessions of a user that are open now, newest first. */
export async function sessionsOf(auth: Auth, userId: string, current: string): Promise<SessionRow[]> {
  const sessions = await auth.context.internalAdapter.listSessions(userId, { onlyActiveSessions: true });
  return sessions
    .map((session) => ({
      id: session.id,
      madeAt: new Date(session.createdAt).getTime(),
      expiresAt: new Date(session.expiresAt).getTime(),
      address: session.ipAddress || null,
      browser: session.userAgent || null,
      current: session.id === current,
    }))
    .sort((a, b) => b.madeAt - a.madeAt);
}

/** Changes one's own password; all other sessions and all tokens end, since whoever knew the old password may hold one of them. */
export async function changePassword(auth: Auth, userId: string, session: string, body: PasswordBody): Promise<void> {
  const { internalAdapter, password } = auth.context;
  const account = (await internalAdapter.findAccounts(userId)).find((entry) => entry.providerId === "credential");
  const right = account?.password && (await password.verify({ hash: account.password, password: body.current }));
  if (!right) throw new BusProblem("bad-password", "The current password is wrong.");
  await internalAdapter.updatePassword(userId, await password.hash(body.next));
  await endAllCredentials(auth, userId, session);
}

/** All accounts, oldest first. */
export async function users(auth: Auth): Promise<UserRow[]> {
  const found = await auth.context.internalAdapter.listUsers(1000, 0, { field: "createdAt", direction: "asc" });
  return Promise.all(found.map((user) => rowOf(auth, user)));
}

/** @throws BusProblem when the e-mail has an account already. */
export async function addUser(auth: Auth, body: NewUser): Promise<UserRow> {
  try {
    // The plugin's types know only its own two roles; ours are declared in engine.ts and checked by it.
    const data = { role: body.role };
    const { user } = await auth.api.createUser({
      body: { name: body.name, email: body.email, password: body.password, data },
    });
    return await rowOf(auth, user);
  } catch (error) {
    if (codeOf(error)?.startsWith("USER_ALREADY_EXISTS"))
      throw new BusProblem("conflict", `There is already an account for ${body.email}.`);
    throw error;
  }
}

/**
 * Changes an account. A new password, a disabled account and a lower role take effect at once: sessions are looked up at every request. The first two end
 * all credentials, and they stay ended when the account is enabled again. A lower role holds for the person's tokens too, for good: raised again, he has
 * to make stronger ones anew.
 */
export function changeUser(auth: Auth, id: string, change: UserChange): Promise<UserRow> {
  return oneAtATime(auth, async () => {
    const { internalAdapter, password } = auth.context;
    const user = await existing(auth, id);
    const steps = (change.role !== undefined && change.role !== "admin") || change.disabled === true;
    if (steps && (await isLastAdmin(auth, id))) throw lastAdmin();
    await internalAdapter.updateUser(id, {
      name: change.name ?? user.name,
      ...(change.role === undefined ? {} : { role: change.role }),
      ...(change.disabled === undefined ? {} : { banned: change.disabled }),
    });
    if (change.password !== undefined) await internalAdapter.updatePassword(id, await password.hash(change.password));
    if (change.password !== undefined || change.disabled === true) await endAllCredentials(auth, id);
    if (change.role !== undefined) await capTokensOf(auth, id, change.role);
    return rowOf(auth, await existing(auth, id));
  });
}

/** Removes an account with its sessions and tokens. Rows of the audit log keep its name. */
export function removeUser(auth: Auth, id: string): Promise<UserRow> {
  return oneAtATime(auth, async () => {
    const row = await rowOf(auth, await existing(auth, id));
    if (await isLastAdmin(auth, id)) throw lastAdmin();
    await endAllCredentials(auth, id);
    await auth.context.internalAdapter.deleteUser(id);
    return row;
  });
}

/** @throws BusProblem when there is no such account. */
export async function existing(auth: Auth, id: string): Promise<AnyUser> {
  const user = await auth.context.internalAdapter.findUserById(id);
  if (!user) throw new BusProblem("not-found", `There is no account ${JSON.stringify(id.slice(0, 64))}.`);
  return user;
}

interface AnyUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: Date;
}

async function rowOf(auth: Auth, user: AnyUser): Promise<UserRow> {
  const sessions = await auth.context.internalAdapter.listSessions(user.id, { onlyActiveSessions: true });
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    role: roleOf("role" in user ? user.role : undefined),
    madeAt: new Date(user.createdAt).getTime(),
    disabled: "banned" in user && Boolean(user.banned),
    sessions: sessions.length,
  };
}

const lastAdmin = () => new BusProblem("last-admin", "This is the last admin. Make another admin first.");

/** A header from a browser, cut and without the characters that a header of ours could not carry. */
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("body" in error)) return undefined;
  const body: unknown = error.body;
  return typeof body === "object" && body !== null && "code" in body ? String(body.code) : undefined;
}
