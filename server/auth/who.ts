import type { Who } from "@/lib/wire/bus";
import type { Auth } from "./engine";
import { cookieName, tokenPrefix } from "./names";
import { roleOf, weaker } from "./roles";

/** Looks a credential up: the value of the session cookie, or an API token. Null for anything that is not valid now; throws when the store fails. */
export type WhoIs = (credential: string) => Promise<Who | null>;

/** Looks it up in the accounts. Nothing is cached: what was revoked is refused at the next question. */
export function whoIsWith(auth: Auth, credential: string): Promise<Who | null> {
  if (credential.startsWith(tokenPrefix)) return byToken(auth, credential);
  return bySession(auth, credential);
}

async function bySession(auth: Auth, cookie: string): Promise<Who | null> {
  // A cookie value of ours has only these characters; anything else could not even stand in a header.
  if (!/^[A-Za-z0-9%._~+/=-]{1,512}$/.test(cookie)) return null;
  const found = await auth.api.getSession({ headers: new Headers({ cookie: `${cookieName}=${cookie}` }) });
  if (!found || found.user.banned) return null;
  return {
    id: found.user.id,
    name: found.user.name,
    email: found.user.email,
    role: roleOf(found.user.role),
    by: "session",
    session: found.session.id,
    expiresAt: found.session.expiresAt.getTime(),
  };
}

async function byToken(auth: Auth, token: string): Promise<Who | null> {
  if (!/^[A-Za-z0-9_-]{20,200}$/.test(token)) return null;
  const { valid, key } = await auth.api.verifyApiKey({ body: { key: token } });
  if (!valid || !key) return null;
  const owner = await auth.context.internalAdapter.findUserById(key.referenceId);
  if (!owner || ("banned" in owner && owner.banned)) return null;
  return {
    id: owner.id,
    name: owner.name,
    email: owner.email,
    role: weaker(roleOf("role" in owner ? owner.role : undefined), roleOf(key.metadata?.role)),
    by: "token",
    session: key.id,
    expiresAt: key.expiresAt ? key.expiresAt.getTime() : null,
  };
}
