import type { Role } from "@/lib/wire/rest";
import { allows } from "../auth/roles";
import type { WhoIs } from "../auth/who";
import { BusProblem } from "../bus/problem";
import type { Caller } from "../bus/server";

/** The collector's own judgement of each request: it asks the store who that is, and believes nothing that the web process says of roles. */
export function makeAuthorise(whoIs: WhoIs): (session: string, needs: Role) => Promise<Caller> {
  return async (session, needs) => {
    const who = session === "" ? null : await whoIs(session);
    if (!who) throw new BusProblem("no-session", "this session or token is not valid (any more)");
    if (!allows(who.role, needs))
      throw new BusProblem("role", `this needs the role ${needs}; ${who.name} has the role ${who.role}`);
    return who;
  };
}
