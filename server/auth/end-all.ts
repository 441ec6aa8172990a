import type { Auth } from "./engine";
import { removeTokensOf } from "./tokens";

/**
 * Ends all credentials of a person: sessions and API tokens. Whatever makes sessions end calls this (a changed password, an admin's "log out everywhere", a
 * disabled account, a removed one), so that nobody who had got hold of the account keeps a token of it.
 * @param except id of the session that may stay: the one in which a person changes his own password.
 */
export async function endAllCredentials(auth: Auth, userId: string, except?: string): Promise<void> {
  await endSessions(auth, userId, except);
  await removeTokensOf(auth, userId);
}

/** Ends all sessions of a user except, where given, one. */
async function endSessions(auth: Auth, userId: string, except?: string): Promise<void> {
  const sessions = await auth.context.internalAdapter.listSessions(userId);
  const tokens = sessions.filter((session) => session.id !== except).map((session) => session.token);
  if (tokens.length > 0) await auth.context.internalAdapter.deleteSessions(tokens);
}
