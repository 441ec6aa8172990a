import type { Role } from "@/lib/wire/rest";
import { allows } from "../auth/roles";
import { BusProblem } from "../bus/problem";
import type { Caller } from "../bus/server";

/** Who a session or API token belongs to at this moment; null for one that is not valid. */
export type WhoIs = (session: string) => Promise<Caller | null>;

/** The collector's own judgement of each request: it asks the store who that is, and believes nothing that the web process says of roles. */
export function makeAuthorise(whoIs: WhoIs): (session: string, needs: Role) => Promise<Caller> {
  return async (session, needs) => {
    const who = session === "" ? null : await whoIs(session);
    if (!who) throw new BusProblem("no-session", "this session or token is not valid (any more)");
    if (!allows(who.role, needs))
      throw new BusProblem("role", `this needs the role ${needs}; ${who.name} has the role ${who.role}`);
    return { id: who.id, name: who.name, role: who.role };
  };
}
